internal import Glibc

/// Reads a lake's definition from its file.
public enum DefinitionFile {
    /// A definition larger than this is refused unread.
    static let maximumSize = 16 << 20

    /// Reads and checks the definition at the first of the paths that exists.
    /// - Throws: ``DefinitionFileError``.
    public static func read(_ paths: [String]) throws(DefinitionFileError) -> LakeDefinition {
        for path in paths {
            guard let text = try bytes(of: path) else { continue }
            do {
                return try LakeDefinition(parsing: text)
            } catch {
                throw DefinitionFileError(path: path, reason: .faulty(error))
            }
        }
        throw DefinitionFileError(path: paths.joined(separator: " or "), reason: .missing)
    }

    /// A whole file, or nil if there is none.
    private static func bytes(of path: String) throws(DefinitionFileError) -> [UInt8]? {
        func unreadable(_ code: Int32) -> DefinitionFileError {
            DefinitionFileError(path: path, reason: .unreadable(String(cString: strerror(code))))
        }
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else {
            if errno == ENOENT || errno == ENOTDIR { return nil }
            throw unreadable(errno)
        }
        defer { close(file) }
        var bytes: [UInt8] = []
        while true {
            let (count, code) = appendNext(of: file, to: &bytes)
            if count < 0 {
                if code == EINTR { continue }
                throw unreadable(code)
            }
            if count == 0 { return bytes }
            if bytes.count > maximumSize { throw unreadable(EFBIG) }
        }
    }

    /// Reads once, into memory that is not cleared before: clearing would touch all of it.
    /// - Returns: what `read` answered, and its `errno`.
    private static func appendNext(of file: Int32, to bytes: inout [UInt8]) -> (count: Int, code: Int32) {
        withUnsafeTemporaryAllocation(byteCount: 65536, alignment: 1) { chunk in
            let count = Glibc.read(file, chunk.baseAddress, chunk.count)
            let code = errno
            if count > 0 { bytes.append(contentsOf: UnsafeRawBufferPointer(rebasing: chunk[..<count])) }
            return (count, code)
        }
    }
}

/// Why a definition could not be had from its file.
public struct DefinitionFileError: Error, Equatable, Sendable {
    /// What was wrong.
    public enum Reason: Equatable, Sendable {
        /// There is no such file.
        case missing
        /// The file cannot be read; the system's own words.
        case unreadable(String)
        /// The text has problems.
        case faulty(DefinitionError)
    }

    /// The file.
    public let path: String
    /// What was wrong.
    public let reason: Reason
}

extension DefinitionFileError: CustomStringConvertible {
    /// One line, or one a problem; safe to log.
    public var description: String {
        switch reason {
        case .missing: "there is no lake definition at \(path); set LAKE_DEFINITION to the path of a lake.json"
        case .unreadable(let words): "\(path): the lake definition cannot be read: \(words)"
        case .faulty(let error): error.problems.map { "\(path): \($0)" }.joined(separator: "\n")
        }
    }
}
