internal import JSON

/// A line of a stream's log. Its members, always all of them and in this order, so that any reader of JSON lines finds
/// columns:
///
/// | member | holds |
/// |---|---|
/// | `shard` | the shard, `shardId-000000000000`, or topic and partition, `coinbase-trades-0` |
/// | `offset` | the record's number within the shard, from 0 on without a gap |
/// | `sequenceNumber` | the shard sequence number as events carry it, a string; null for Kafka |
/// | `timestampMs` | when the stream took the record, in milliseconds since the epoch |
/// | `key` | the key as text; null if there is none, or if it is no UTF-8 |
/// | `keyBase64` | the key in base64, if it is no UTF-8; otherwise null |
/// | `value` | the payload as text; null if it is no UTF-8 |
/// | `valueBase64` | the payload in base64, if it is no UTF-8; otherwise null |
///
/// DuckDB reads it by
/// `read_json('….jsonl', format = 'newline_delimited', columns = {shard: 'VARCHAR', "offset": 'BIGINT', …})`; with the
/// columns named it guesses no dates out of texts.
struct RecordLine {
    private var writer = JSONWriter()

    /// The line, with its line feed.
    mutating func bytes(_ record: StreamRecord, hasSequenceNumber: Bool) -> [UInt8] {
        writer.removeAll()
        writer.object { writer in
            writer.member("shard", record.shard)
            writer.member("offset", record.offset)
            if hasSequenceNumber {
                writer.member("sequenceNumber", ShardSequenceNumber.text(record.offset))
            } else {
                writer.member("sequenceNumber") { $0.null() }
            }
            writer.member("timestampMs", record.timestampMs)
            Self.write("key", record.key, to: &writer)
            Self.write("value", record.value, to: &writer)
        }
        return writer.bytes + [UInt8(ascii: "\n")]
    }

    private static func write(_ name: String, _ bytes: [UInt8]?, to writer: inout JSONWriter) {
        let text = bytes.flatMap { String(validating: $0, as: UTF8.self) }
        writer.name(name)
        if let text { writer.string(text) } else { writer.null() }
        writer.name(name + "Base64")
        if let bytes, text == nil { writer.string(Base64.encode(bytes)) } else { writer.null() }
    }

    /// The record of a line; nil if it is none that was written here.
    static func record(_ line: RawSpan) -> StreamRecord? { try? read(line) }

    private static func read(_ line: RawSpan) throws -> StreamRecord? {
        var reader = JSONReader(line)
        var shard: String?
        var offset: Int64?
        var timestampMs: Int64?
        var key: [UInt8]?
        var value: [UInt8]?
        try reader.beginObject()
        while let name = try reader.nextKey() {
            let token = try reader.next()
            guard token.kind != .null else { continue }
            if reader.equals(name, "shard") {
                shard = try reader.string(token)
            } else if reader.equals(name, "offset") {
                offset = try reader.integer(token, as: Int64.self)
            } else if reader.equals(name, "timestampMs") {
                timestampMs = try reader.integer(token, as: Int64.self)
            } else if reader.equals(name, "key") {
                key = Array(try reader.string(token).utf8)
            } else if reader.equals(name, "value") {
                value = Array(try reader.string(token).utf8)
            } else if reader.equals(name, "keyBase64") {
                key = try decode(reader.string(token))
            } else if reader.equals(name, "valueBase64") {
                value = try decode(reader.string(token))
            }
        }
        try reader.end()
        guard let shard, let offset, let timestampMs, let value else { return nil }
        return StreamRecord(shard: shard, offset: offset, key: key, value: value, timestampMs: timestampMs)
    }

    private static func decode(_ text: String) throws -> [UInt8] {
        var bytes: [UInt8] = []
        let units = Array(text.utf8)
        try Base64.decode(units.span.bytes, into: &bytes)
        return bytes
    }
}
