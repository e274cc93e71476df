internal import Iceberg
internal import JSON

/// The executions of a schedule whose logos are in the table: its offset. They stand in the snapshot summary, so that
/// rows and offset come to be in one commit.
struct LoadedExecutions: Equatable {
    /// Name of the snapshot summary's entry.
    static let name = "swiftlake.state.assets"
    /// As many are kept. A schedule repeats what failed for a day at most.
    static let limit = 32

    /// Their ids, oldest first.
    private(set) var ids: [String]

    /// None, or those that are given.
    init(_ ids: [String] = []) { self.ids = ids }

    /// Those of a table's newest version.
    /// - Throws: ``IcebergError/Code/malformed`` if they are damaged: logos could come twice.
    init(in metadata: TableMetadata) throws(IcebergError) {
        guard let text = metadata.inheritedState(Self.name) else {
            self.init()
            return
        }
        try self.init(parsing: text)
    }

    /// Reads what ``text`` wrote.
    init(parsing text: String) throws(IcebergError) {
        guard let elements = (try? JSONValue(parsing: Array(text.utf8)))?.elements else { throw Self.damaged }
        var ids: [String] = []
        for element in elements {
            guard let id = element.string else { throw Self.damaged }
            ids.append(id)
        }
        self.init(ids)
    }

    /// Compact JSON: an array of the ids.
    var text: String {
        var writer = JSONWriter()
        writer.array { writer in
            for id in ids { writer.string(id) }
        }
        return writer.text
    }

    /// Whether an execution's logos are in the table.
    func contains(_ id: String) -> Bool { ids.contains(id) }

    /// These and one more; the oldest goes if there are too many.
    func adding(_ id: String) -> LoadedExecutions { LoadedExecutions(ids.suffix(Self.limit - 1) + [id]) }

    /// The snapshot that brought an execution's logos, as far back as history goes.
    static func snapshot(of id: String, in metadata: TableMetadata) -> Int64? {
        metadata.ancestry.last { snapshot in
            guard let text = snapshot.summary.properties[name] else { return false }
            return (try? LoadedExecutions(parsing: text))?.contains(id) ?? false
        }?.snapshotID
    }

    private static var damaged: IcebergError {
        IcebergError(
            .malformed,
            "the list of executions that were loaded is damaged; nothing is loaded, as logos could be doubled",
            at: name)
    }
}
