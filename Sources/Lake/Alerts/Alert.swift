internal import AWS
internal import JSON

/// An anomaly that is told: a row of the table, and a message to the topic.
struct Alert: Equatable, Sendable {
    /// Name of the rule.
    let rule: String
    /// Kind of the rule, as the definition spells it.
    let kind: String
    /// What the reading is of.
    let key: String
    /// The column whose value is unusual; nil for silence.
    let column: String?
    /// The unusual value; for silence how long it has lasted, in seconds.
    let value: Double
    /// What the value, its change or its score may be at most, or at least; for silence in seconds.
    let bound: Double
    /// The anomaly in words.
    let message: String
    /// When the reading was taken, in microseconds since the epoch; for silence when the last one arrived.
    let readingUs: Int64
    /// When the anomaly was found, in milliseconds since the epoch.
    let detectedMs: Int64
    /// Name of the stream.
    let stream: String
    /// The shard of the reading.
    let shard: String
    /// The shard sequence number of the reading; nil for silence.
    let sequenceNumber: String?

    /// What the same anomaly has however often it is found: 32 hexadecimal digits of a hash of stream, rule, key and time
    /// of the reading.
    var id: String {
        var writer = JSONWriter()
        writer.array { writer in
            for text in [stream, rule, key] { writer.string(text) }
            writer.integer(readingUs)
        }
        return String(SHA256.hex(writer.bytes).prefix(32))
    }
}

// MARK: - As the state keeps it

extension Alert {
    /// Writes all of it but stream and shard, which are those of the entry that it stands in.
    func write(to writer: inout JSONWriter) {
        writer.array { writer in
            for text in [rule, kind, key] { writer.string(text) }
            if let column { writer.string(column) } else { writer.null() }
            writer.double(value)
            writer.double(bound)
            writer.string(message)
            writer.integer(readingUs)
            writer.integer(detectedMs)
            writer.string(shard)
            if let sequenceNumber { writer.string(sequenceNumber) } else { writer.null() }
        }
    }

    /// Reads what ``write(to:)`` wrote; nil for anything else.
    init?(parsing value: JSONValue, stream: String) {
        guard let parts = value.elements, parts.count == 11, let rule = parts[0].string, let kind = parts[1].string,
            let key = parts[2].string, parts[3] == .null || parts[3].string != nil, let unusual = parts[4].double,
            unusual.isFinite, let bound = parts[5].double, bound.isFinite, let message = parts[6].string,
            let readingUs = parts[7].integer, CalendarTime.range.contains(readingUs), let detectedMs = parts[8].integer,
            ArrivalTime.range.contains(detectedMs), let shard = parts[9].string,
            parts[10] == .null || parts[10].string != nil
        else { return nil }
        self.init(
            rule: rule, kind: kind, key: key, column: parts[3].string, value: unusual, bound: bound, message: message,
            readingUs: readingUs, detectedMs: detectedMs, stream: stream, shard: shard, sequenceNumber: parts[10].string
        )
    }
}

/// The times at which records arrive and anomalies are found, in milliseconds since the epoch.
enum ArrivalTime {
    /// Up to the year 9999.
    static let range: ClosedRange<Int64> = 0...253_402_300_799_999

    /// The nearest time of the range: an event made by hand may have any.
    static func clamped(_ milliseconds: Int64) -> Int64 {
        min(max(milliseconds, range.lowerBound), range.upperBound)
    }
}
