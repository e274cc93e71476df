import Iceberg

/// Files in memory, with scripted faults.
final class MemoryStore: ObjectStore {
    /// What a put of one file does instead of succeeding.
    enum Fault {
        case fails
        /// The answer is lost, and the file is there.
        case unknownButDone
        /// The answer is lost, and the file is not there.
        case unknownNotDone
    }

    var files: [String: [UInt8]] = [:]
    /// Every put, one list of locations a call.
    var puts: [[String]] = []
    var deleted: [String] = []
    var readLocations: [String] = []
    /// Asked for each file put.
    var fault: (String) -> Fault? = { _ in nil }
    var unreadable: Set<String> = []

    func put(_ files: [NewFile]) -> [PutResult] {
        puts.append(files.map(\.location))
        return files.map { file in
            if self.files[file.location] != nil {
                return .failed(IcebergError(.alreadyExists, "it exists", at: file.location))
            }
            switch fault(file.location) {
            case nil:
                self.files[file.location] = file.bytes
                return .done
            case .fails: return .failed(IcebergError(.unavailable, "no space", at: file.location))
            case .unknownButDone:
                self.files[file.location] = file.bytes
                return .unknown(IcebergError(.unavailable, "no answer", at: file.location))
            case .unknownNotDone: return .unknown(IcebergError(.unavailable, "no answer", at: file.location))
            }
        }
    }

    func get(_ location: String) throws(IcebergError) -> [UInt8] {
        readLocations.append(location)
        if unreadable.contains(location) { throw IcebergError(.unavailable, "no answer", at: location) }
        guard let bytes = files[location] else { throw IcebergError(.notFound, "no such file", at: location) }
        return bytes
    }

    func delete(_ locations: [String]) -> [String] {
        deleted += locations
        for location in locations { files[location] = nil }
        return []
    }

    func list(_ prefix: String) throws(IcebergError) -> [StoredFile] {
        files.filter { $0.key.hasPrefix(prefix) }
            .map { StoredFile(location: $0.key, size: Int64($0.value.count), modifiedMs: 0) }
            .sorted { $0.location < $1.location }
    }
}
