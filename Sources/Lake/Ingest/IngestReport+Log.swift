internal import Iceberg
internal import LambdaRuntime
internal import Logging

extension IngestReport {
    /// Writes what happened as one log line in words, and as metrics with the stream as dimension; how old the newest of
    /// the rows is, with the table.
    func log(stream: String, table: TableIdentifier, _ context: Context) {
        // What has been added is visible now. A producer's clock may be ahead of ours.
        let freshnessMs = newestMs.map { max(0, context.clock.milliseconds - $0) }
        var fields: Logger.Metadata = [
            "stream": "\(stream)", "rows": .stringConvertible(rows), "dataFiles": .stringConvertible(dataFiles),
            "bytes": .stringConvertible(bytes), "replayed": .stringConvertible(replayed),
            "deadLetters": .stringConvertible(deadLetters), "dropped": .stringConvertible(dropped),
            "unknownFields": .stringConvertible(counts.unknownFields), "recomputed": .stringConvertible(recomputed),
            "swaps": .stringConvertible(swaps),
        ]
        if let freshnessMs { fields["freshness"] = .stringConvertible(freshnessMs) }
        if let snapshotID { fields["snapshot"] = "\(snapshotID)" }
        if tombstones > 0 { fields["tombstones"] = .stringConvertible(tombstones) }
        if counts.late > 0 { fields["late"] = .stringConvertible(counts.late) }
        if counts.sharedAssets > 0 { fields["sharedAssets"] = .stringConvertible(counts.sharedAssets) }
        if firstUncommitted.count == 1, let first = firstUncommitted.first {
            fields["firstUncommitted"] = "\(first.offset)"
        } else if !firstUncommitted.isEmpty {
            fields["firstUncommitted"] = "\(firstUncommitted.map { "\($0)" }.joined(separator: ", "))"
        }
        switch reason {
        case nil: context.log.info("\(sentence)", metadata: fields)
        case .deadline:
            context.log.warning("the deadline is near: \(sentence); the rest must come again", metadata: fields)
        case .badRecord(let error):
            fields["error"] = "\(error)"
            context.log.error("a record is bad and the definition says fail: \(sentence)", metadata: fields)
        case .fault(let error):
            fields["error"] = "\(error)"
            context.log.error("nothing is lost, but records must come again: \(error)", metadata: fields)
        }

        if counts.sharedAssets > 0 {
            context.log.error(
                "an asset came on two partitions, so its windows are emitted once for each: producers must key by symbol",
                metadata: ["stream": "\(stream)", "sharedAssets": .stringConvertible(counts.sharedAssets)])
        }

        let name = stream.split(separator: "/").last.map(String.init) ?? stream
        let usual = [
            ("RowsAppended", rows), ("RecordsReplayed", replayed), ("DeadLetters", deadLetters),
            ("RecordsDropped", dropped), ("UnknownFields", counts.unknownFields),
            ("CommitConflicts", recomputed + max(0, swaps - 1)),
            ("BatchesFailed", firstUncommitted.isEmpty ? 0 : 1),
        ]
        // What hardly any stream has is a metric only where it happens.
        let rare = [
            ("Tombstones", tombstones), ("RecordsLate", counts.late),
            ("AssetsOnSeveralPartitions", counts.sharedAssets),
        ].filter { $0.1 > 0 }
        for (metric, count) in usual + rare { context.metrics.put(metric, count, dimensions: ["Stream": name]) }
        if let freshnessMs {
            context.metrics.put(
                "Freshness", Int(clamping: freshnessMs), unit: .milliseconds, dimensions: ["Table": "\(table)"])
        }
    }

    /// What came of the records, for a person.
    private var sentence: String {
        var parts = [
            Self.counted(rows, "row", "rows") + " appended in " + Self.counted(dataFiles, "data file", "data files")
        ]
        if replayed > 0 {
            parts.append(Self.counted(replayed, "record was", "records were") + " already in the table")
        }
        if deadLetters > 0 {
            parts.append(Self.counted(deadLetters, "record", "records") + " went to the dead-letter table")
        }
        if dropped > 0 { parts.append(Self.counted(dropped, "bad record was", "bad records were") + " dropped") }
        if tombstones > 0 {
            parts.append(Self.counted(tombstones, "record had", "records had") + " no value")
        }
        if counts.late > 0 {
            parts.append(Self.counted(counts.late, "record was", "records were") + " late and dropped")
        }
        if rows == 0, replayed > 0, snapshotID == nil { parts[0] = "nothing to add" }
        return parts.joined(separator: ", ")
    }

    private static func counted(_ count: Int, _ one: String, _ many: String) -> String {
        "\(count) \(count == 1 ? one : many)"
    }
}
