/// Records that are read and in no batch yet, in the order they came, with their sizes in an event.
struct WaitingRecords {
    private let text: any EventText
    private var all: [(record: StreamRecord, bytes: Int)] = []
    /// Records before it are removed; the array is moved up once it is half empty, so that each is moved once.
    private var first = 0
    /// Bytes that the records take in events.
    private(set) var byteCount = 0
    /// When the first of them came; nil if there are none.
    private(set) var sinceMs: Int64?

    init(_ text: any EventText) { self.text = text }

    var count: Int { all.count - first }
    var records: some BidirectionalCollection<StreamRecord> { all[first...].lazy.map(\.record) }

    mutating func append(_ record: StreamRecord, nowMs: Int64) {
        if count == 0 { sinceMs = nowMs }
        let bytes = text.byteCount(of: record)
        byteCount += bytes
        all.append((record, bytes))
    }

    /// How many records the next batch would have, and whether no further one would fit.
    func batch(atMost limit: Int, bytes: Int) -> (count: Int, isFull: Bool) {
        var size = text.emptyByteCount
        var shards: Set<String> = []
        for (index, entry) in all[first...].enumerated() {
            size += entry.bytes
            if shards.insert(entry.record.shard).inserted { size += text.byteCount(ofShard: entry.record.shard) }
            if size > bytes { return (index, true) }
            if index + 1 >= limit { return (index + 1, true) }
        }
        return (count, false)
    }

    /// Removes the first records.
    mutating func removeFirst(_ count: Int) -> [StreamRecord] {
        let removed = all[first..<first + count]
        byteCount -= removed.reduce(0) { $0 + $1.bytes }
        let records = removed.map(\.record)
        first += count
        settle()
        return records
    }

    /// Removes the first record if an event with it alone would be larger than so many bytes.
    mutating func removeFirst(largerThan bytes: Int) -> StreamRecord? {
        count > 0 && batch(atMost: 1, bytes: bytes).count == 0 ? removeFirst(1).first : nil
    }

    /// Removes all records that are meant.
    mutating func removeAll(where isMeant: (StreamRecord) -> Bool) -> [StreamRecord] {
        let removed = all[first...].filter { isMeant($0.record) }
        guard !removed.isEmpty else { return [] }
        all = all[first...].filter { !isMeant($0.record) }
        first = 0
        byteCount -= removed.reduce(0) { $0 + $1.bytes }
        settle()
        return removed.map(\.record)
    }

    private mutating func settle() {
        if first * 2 >= all.count {
            all.removeFirst(first)
            first = 0
        }
        if all.isEmpty { sinceMs = nil }
    }
}
