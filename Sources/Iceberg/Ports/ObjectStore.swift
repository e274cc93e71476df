/// Where a lake's files lie. A location is a whole URI, such as `file:///lake/db/t/data/x.parquet`.
public protocol ObjectStore {
    /// Creates files, as many at once as the store can; none may exist. A file is there whole and durably, or not at all.
    /// - Returns: one result for each file, in order.
    func put(_ files: [NewFile]) -> [PutResult]

    /// Reads a whole file.
    /// - Throws: ``IcebergError/Code/notFound``, ``IcebergError/Code/unavailable``, and
    ///   ``IcebergError/Code/unsupported`` for a location that this store does not serve.
    func get(_ location: String) throws(IcebergError) -> [UInt8]

    /// Reads whole files, as many at once as the store can.
    /// - Returns: one result for each location, in order.
    func get(_ locations: [String]) -> [Result<[UInt8], IcebergError>]

    /// Deletes files; one that does not exist counts as deleted.
    /// - Returns: the locations that could not be deleted.
    func delete(_ locations: [String]) -> [String]

    /// Locations under a prefix, with sizes and times.
    func list(_ prefix: String) throws(IcebergError) -> [StoredFile]
}

extension ObjectStore {
    /// One after another.
    public func get(_ locations: [String]) -> [Result<[UInt8], IcebergError>] {
        locations.map { location in
            do throws(IcebergError) { return .success(try get(location)) } catch { return .failure(error) }
        }
    }
}

/// A file to be created.
public struct NewFile: Sendable {
    /// Where.
    public let location: String
    /// All of it.
    public let bytes: [UInt8]

    /// A file.
    public init(location: String, bytes: [UInt8]) {
        self.location = location
        self.bytes = bytes
    }
}

/// How creating one file ended.
public enum PutResult: Sendable {
    /// It is there, whole and durable.
    case done
    /// It certainly was not created.
    case failed(IcebergError)
    /// It may or may not be there, as when a reply was lost.
    case unknown(IcebergError)
}

/// A file that a listing found.
public struct StoredFile: Equatable, Sendable {
    /// Where.
    public let location: String
    /// Bytes.
    public let size: Int64
    /// When it was last written, in milliseconds since the epoch.
    public let modifiedMs: Int64

    /// A file.
    public init(location: String, size: Int64, modifiedMs: Int64) {
        self.location = location
        self.size = size
        self.modifiedMs = modifiedMs
    }
}
