/// The records of one shard or partition in an event, in the order of their offsets, each offset once.
struct ShardRecords<Record: SourceRecord> {
    /// The shard, or topic and partition.
    let shard: String
    /// The records.
    let records: [Record]
    /// Records that were left out because another one has their offset.
    let duplicates: Int

    /// Puts the records into the order of their offsets, if the event did not; of two with one offset the first stays.
    init(shard: String, records: [Record]) {
        self.shard = shard
        self.records = Self.areOrdered(records) ? records : Self.ordered(records)
        duplicates = records.count - self.records.count
    }

    private static func areOrdered(_ records: [Record]) -> Bool {
        records.indices.dropFirst().allSatisfy { records[$0 - 1].precedes(records[$0]) }
    }

    private static func ordered(_ records: [Record]) -> [Record] {
        let places = records.indices.sorted { left, right in
            if records[left].precedes(records[right]) { return true }
            if records[right].precedes(records[left]) { return false }
            return left < right
        }
        var ordered: [Record] = []
        for place in places where ordered.last?.precedes(records[place]) ?? true {
            ordered.append(records[place])
        }
        return ordered
    }
}
