internal import Glibc

/// Where the running process is, and where its program lies.
enum ProcessPaths {
    static var executableDirectory: String {
        Folder.parent(of: readLink("/proc/self/exe") ?? CommandLine.arguments.first ?? "/")
    }

    static var workingDirectory: String {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(PATH_MAX) + 1) { buffer in
            guard let path = getcwd(buffer.baseAddress, buffer.count) else { return "/" }
            return String(cString: path)
        }
    }

    private static func readLink(_ path: String) -> String? {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: Int(PATH_MAX)) { buffer in
            let count = buffer.withMemoryRebound(to: CChar.self) { readlink(path, $0.baseAddress!, $0.count) }
            guard count > 0 else { return nil }
            return String(decoding: buffer[..<count], as: UTF8.self)
        }
    }
}
