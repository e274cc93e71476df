public import AWS
internal import Glibc
internal import HTTPTransport

/// Reads a lake's definition from its file, or from S3.
public enum DefinitionFile {
    /// A definition larger than this is refused unread.
    static let maximumSize = 16 << 20

    /// Reads and checks the definition at the first of the paths that exists.
    /// - Throws: ``DefinitionFileError``.
    public static func read(_ paths: [String]) throws(DefinitionFileError) -> LakeDefinition {
        for path in paths {
            guard let text = try bytes(of: path) else { continue }
            return try parse(text, of: path)
        }
        throw DefinitionFileError(path: paths.joined(separator: " or "), reason: .missing)
    }

    /// Reads and checks the definition that settings name, which may be an object of S3.
    /// - Parameter credentials: what signs requests; nil for what a function looks for.
    /// - Throws: ``DefinitionFileError``.
    public static func read(
        _ configuration: LakeConfiguration, credentials: (any CredentialsProvider)? = nil
    ) throws -> LakeDefinition {
        try OpenDefinition(configuration, credentials: credentials).definition
    }

    /// Reads and checks the definition at the first of the paths that exists, or in S3.
    /// - Parameters:
    ///   - client: what calls services; not asked for where the definition is a file.
    ///   - deadline: of the client's requests.
    ///   - nowMs: the time, in milliseconds since the epoch.
    static func read(
        _ paths: [String], _ client: () throws -> ServiceClient, _ deadline: RequestDeadline, nowMs: Int64
    ) throws -> LakeDefinition {
        guard let stored = paths.first.flatMap(StoredDefinition.init) else { return try read(paths) }
        return try parse(try stored.bytes(try client(), deadline, nowMs: nowMs), of: stored.location)
    }

    private static func parse(_ text: [UInt8], of path: String) throws(DefinitionFileError) -> LakeDefinition {
        do {
            return try LakeDefinition(parsing: text)
        } catch {
            throw DefinitionFileError(path: path, reason: .faulty(error))
        }
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

/// Why a definition could not be had from its file or object.
public struct DefinitionFileError: Error, Equatable, Sendable {
    /// What was wrong.
    public enum Reason: Equatable, Sendable {
        /// There is no such file.
        case missing
        /// The file or object cannot be read; the system's own words, or the service's.
        case unreadable(String)
        /// The object's name is the SHA-256 of another content; that of this one, in hexadecimal.
        case altered(sha256: String)
        /// The text has problems.
        case faulty(DefinitionError)
    }

    /// The file, or the object's location.
    public let path: String
    /// What was wrong.
    public let reason: Reason
}

extension DefinitionFileError: CustomStringConvertible {
    /// One line, or one a problem; safe to log.
    public var description: String {
        switch reason {
        case .missing:
            "there is no lake definition at \(path); set LAKE_DEFINITION to the path of a lake.json, or to its "
                + "s3://bucket/key"
        case .unreadable(let words): "\(path): the lake definition cannot be read: \(words)"
        case .altered(let found):
            "\(path): the lake definition is not the one that its name stands for: the SHA-256 of its content is \(found); "
                + "put it there under that name, and set LAKE_DEFINITION to it"
        case .faulty(let error): error.problems.map { "\(path): \($0)" }.joined(separator: "\n")
        }
    }
}
