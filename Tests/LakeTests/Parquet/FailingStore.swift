import Iceberg
import ObjectStores

/// Files on this machine, of which some cannot be put or listed.
final class FailingStore: ObjectStore {
    /// What becomes of a file of rows.
    enum Fault {
        case fails
        /// The answer is lost, and the file is there.
        case unknownButDone
        case done
    }

    private let real = FileObjectStore()
    /// For each file of rows in order; those after it are done.
    var script: [Fault] = []
    /// Listings that fail from now on.
    var failingLists = 0

    func put(_ files: [NewFile]) -> [PutResult] {
        files.map { file in
            guard file.location.contains("/data/name="), !script.isEmpty else { return real.put([file])[0] }
            switch script.removeFirst() {
            case .fails: return .failed(IcebergError(.unavailable, "no space", at: file.location))
            case .unknownButDone:
                _ = real.put([file])
                return .unknown(IcebergError(.unavailable, "no answer", at: file.location))
            case .done: return real.put([file])[0]
            }
        }
    }

    func get(_ location: String) throws(IcebergError) -> [UInt8] { try real.get(location) }
    func delete(_ locations: [String]) -> [String] { real.delete(locations) }

    func list(_ prefix: String) throws(IcebergError) -> [StoredFile] {
        if failingLists > 0 {
            failingLists -= 1
            throw IcebergError(.unavailable, "no answer", at: prefix)
        }
        return try real.list(prefix)
    }
}
