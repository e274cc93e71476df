internal import Glibc

extension LakeConfiguration {
    /// The settings of the running process, in its environment: for entry points only.
    public static func ofProcess(_ environment: [String: String]) throws(ConfigurationError) -> LakeConfiguration {
        let executable = readLink("/proc/self/exe") ?? CommandLine.arguments.first ?? "/"
        return try LakeConfiguration(
            environment: environment, currentDirectory: workingDirectory(),
            executableDirectory: Folder.parent(of: executable))
    }

    private static func workingDirectory() -> String {
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
