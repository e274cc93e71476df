internal import JSON

extension TableMetadata {
    /// Takes snapshots out of the history, with their log entries and statistics.
    mutating func forget(_ ids: Set<Int64>) {
        guard !ids.isEmpty else { return }
        snapshots.removeAll { ids.contains($0.snapshotID) }
        // What came before a missing snapshot is no history any more.
        if let last = snapshotLog.lastIndex(where: { ids.contains($0.snapshotID) }) {
            snapshotLog.removeSubrange(...last)
        }
        for index in unknownMembers.indices where Self.statistics.contains(unknownMembers[index].name) {
            guard let elements = unknownMembers[index].value.elements else { continue }
            unknownMembers[index].value = .array(
                elements.filter { element in !(element["snapshot-id"]?.integer.map(ids.contains) ?? false) })
        }
    }

    /// The files of the statistics that the metadata names, with their sizes in bytes.
    var statisticsFiles: [(location: String, size: Int64)] {
        unknownMembers.filter { Self.statistics.contains($0.name) }.flatMap { $0.value.elements ?? [] }
            .compactMap { element in
                element["statistics-path"]?.string.map { ($0, element["file-size-in-bytes"]?.integer ?? 0) }
            }
    }

    private static let statistics = ["statistics", "partition-statistics"]
}
