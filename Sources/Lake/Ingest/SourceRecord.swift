internal import Iceberg
internal import LambdaRuntime

/// One record of a source, as ingest sees it: views into the event, whatever kind of event that was.
struct SourceRecord {
    /// The shard sequence number or offset, in decimal digits.
    let offset: ByteView
    /// When the source took the record, in milliseconds since the epoch.
    let timestampMs: Int64
    /// What the producer chose the shard by.
    let partitionKey: ByteView
    /// The payload in base64.
    let payload: Base64View
}

/// The records of one shard or partition in an event, in the order of their offsets, each offset once.
struct ShardRecords {
    /// The shard, or topic and partition.
    let shard: String
    /// The records.
    private(set) var records: [SourceRecord] = []
    private var isOrdered = true

    init(shard: String) { self.shard = shard }

    /// Adds a record of the event.
    mutating func append(_ record: SourceRecord) {
        if isOrdered, let last = records.last, !last.offset.precedesAsDecimal(record.offset) { isOrdered = false }
        records.append(record)
    }

    /// Puts the records into the order of their offsets, if the event did not; of two with one offset the first stays.
    mutating func order() {
        guard !isOrdered else { return }
        let places = records.indices.sorted { left, right in
            if records[left].offset.precedesAsDecimal(records[right].offset) { return true }
            if records[right].offset.precedesAsDecimal(records[left].offset) { return false }
            return left < right
        }
        var ordered: [SourceRecord] = []
        for place in places where ordered.last?.offset.precedesAsDecimal(records[place].offset) ?? true {
            ordered.append(records[place])
        }
        records = ordered
        isOrdered = true
    }
}

extension ByteView {
    /// Whether these decimal digits are a smaller number than those: by length without leading zeros, then by bytes.
    func precedesAsDecimal(_ other: ByteView) -> Bool {
        withUnsafeBytes { left in
            other.withUnsafeBytes { right in
                let left = left.drop { $0 == UInt8(ascii: "0") }
                let right = right.drop { $0 == UInt8(ascii: "0") }
                return left.count == right.count ? left.lexicographicallyPrecedes(right) : left.count < right.count
            }
        }
    }
}
