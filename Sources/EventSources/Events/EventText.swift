internal import Calendar
public import JSON

/// Writes the event that Lambda calls a function with for a batch of one kind of source.
public protocol EventText: Sendable {
    /// The event's text, on one line unless indented.
    func text(_ records: [StreamRecord], indentation: Int?) -> [UInt8]

    /// Bytes of an event without records.
    var emptyByteCount: Int { get }
    /// Bytes that a record takes in an event, with the comma before it.
    func byteCount(of record: StreamRecord) -> Int
    /// Bytes that an event takes for having records of this shard at all.
    func byteCount(ofShard shard: String) -> Int

    /// The failure record's member about a batch: `KinesisBatchInfo` or `KafkaBatchInfo`.
    func writeBatchInfo(_ records: [StreamRecord], to writer: inout JSONWriter)
    /// The identifier that a reply reports a record by.
    func identifier(of record: StreamRecord) -> ItemIdentifier
}

extension EventText {
    /// The event's text on one line.
    public func text(_ records: [StreamRecord]) -> [UInt8] { text(records, indentation: nil) }

    /// Bytes that ``text(_:)`` has for these records.
    public func byteCount(_ records: [StreamRecord]) -> Int {
        let shards = Set(records.map(\.shard)).reduce(0) { $0 + byteCount(ofShard: $1) }
        return records.reduce(emptyByteCount + shards) { $0 + byteCount(of: $1) }
    }

    /// `2019-11-14T00:38:06.021Z`, as failure records write times.
    static func timestamp(_ milliseconds: Int64) -> String {
        CivilTime.second(ofMs: milliseconds, separator: "T") + "."
            + CivilDate.padded(milliseconds &- floorDivide(milliseconds, 1000) &* 1000, 3) + "Z"
    }

    /// Bytes of a text as a JSON string, with its quotes.
    static func stringByteCount(_ text: String) -> Int {
        var count = 2
        for unit in text.utf8 {
            switch unit {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"), 0x09, 0x0A, 0x0D: count += 2
            case 0..<0x20: count += 6
            default: count += 1
            }
        }
        return count
    }

    /// Bytes of bytes as a JSON string in base64, with its quotes.
    static func base64ByteCount(_ bytes: [UInt8]) -> Int { 2 + (bytes.count + 2) / 3 * 4 }

    /// Bytes of a whole number in decimal.
    static func decimalByteCount(_ number: Int64) -> Int {
        var count = number < 0 ? 2 : 1
        var rest = number.magnitude
        while rest >= 10 {
            rest /= 10
            count += 1
        }
        return count
    }
}
