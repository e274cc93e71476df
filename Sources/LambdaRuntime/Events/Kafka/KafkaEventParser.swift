internal import JSON

/// Reads a Kafka batch in one pass over its bytes.
struct KafkaEventParser {
    private let buffer: EventBuffer
    private(set) var source: KafkaEvent.Source?
    private(set) var clusterARN: ByteRange?
    private(set) var bootstrapServers: [String] = []
    private(set) var records: [KafkaRecord] = []
    private var hasRecords = false

    init(_ buffer: EventBuffer) { self.buffer = buffer }

    mutating func parse() throws(EventError) {
        try read()
        try resolve()
    }

    // MARK: - The event

    private mutating func read() throws(EventError) {
        // A local reference, so that the reader borrows it and not this whole value.
        let buffer = self.buffer
        var reader = try EventReader(buffer)
        var hasCapitalRecords = false
        try reader.beginObject("")
        while let key = try reader.nextKey("") {
            if reader.isKey(key, "records") {
                try readPartitions(&reader)
            } else if reader.isKey(key, "eventSource") {
                try readSource(&reader)
            } else if reader.isKey(key, "eventSourceArn") {
                clusterARN = try reader.string("eventSourceArn")
            } else if reader.isKey(key, "bootstrapServers") {
                let servers = try reader.text("bootstrapServers")
                bootstrapServers = servers.split(separator: ",").map { String($0.filter { $0 != " " }) }
                    .filter { !$0.isEmpty }
            } else {
                if reader.isKey(key, "Records") { hasCapitalRecords = true }
                try reader.skip("")
            }
        }
        try reader.end()
        guard hasRecords else {
            if hasCapitalRecords, source == nil {
                throw EventError(.wrongSource, "Records", "expected a Kafka batch, but it is another service's")
            }
            throw EventError(.missingField, "records", "expected the batch's records, but the field is missing")
        }
        guard !records.isEmpty else {
            throw EventError(.badValue, "records", "expected at least one record, but there is none")
        }
    }

    private mutating func readSource(_ reader: inout EventReader) throws(EventError) {
        let name = try reader.text("eventSource")
        switch name {
        case "aws:kafka": source = .msk
        case "SelfManagedKafka", "aws:SelfManagedKafka": source = .selfManaged
        default:
            throw EventError(
                .wrongSource, "eventSource",
                "expected aws:kafka or SelfManagedKafka, but it is \(EventReader.quotable(name))")
        }
    }

    private mutating func readPartitions(_ reader: inout EventReader) throws(EventError) {
        hasRecords = true
        records.removeAll()
        try reader.beginObject("records")
        var count = 0
        while let key = try reader.nextKey("records") {
            count += 1
            let name = EventReader.quotable(reader.json.text(key), else: "partition \(count)")
            let path = "records.\(name)"
            try reader.beginArray(path)
            var index = 0
            while try reader.nextElement(path) {
                try readRecord(&reader, path, index)
                index += 1
            }
        }
    }

    // MARK: - One record

    /// Which fields of a record have been seen.
    private struct Seen: OptionSet, Sendable {
        let rawValue: UInt8
        static let topic = Seen(rawValue: 1)
        static let partition = Seen(rawValue: 2)
        static let offset = Seen(rawValue: 4)
        static let all = Seen(rawValue: 7)
    }

    private mutating func readRecord(
        _ reader: inout EventReader, _ partition: String, _ index: Int
    ) throws(EventError) {
        func path(_ field: String = "") -> String {
            field.isEmpty ? "\(partition)[\(index)]" : "\(partition)[\(index)].\(field)"
        }
        var record = KafkaRecord(buffer: buffer)
        var seen: Seen = []
        try reader.beginObject(path())
        while let key = try reader.nextKey(path()) {
            if reader.isKey(key, "topic") {
                record.topicRange = try reader.string(path("topic"))
                seen.insert(.topic)
            } else if reader.isKey(key, "partition") {
                record.partition = try Self.natural(&reader, path("partition"))
                seen.insert(.partition)
            } else if reader.isKey(key, "offset") {
                record.offset = try Self.natural(&reader, path("offset"))
                seen.insert(.offset)
            } else if reader.isKey(key, "timestamp") {
                record.timestampMs = try reader.integer(path("timestamp"))
            } else if reader.isKey(key, "timestampType") {
                record.timestampType = try Self.timestampType(&reader, path("timestampType"))
            } else if reader.isKey(key, "key") {
                record.keyRange = try Self.optionalString(&reader, path("key"))
            } else if reader.isKey(key, "value") {
                record.valueRange = try Self.optionalString(&reader, path("value"))
            } else if reader.isKey(key, "headers") {
                record.headersRange = try Self.headers(&reader, path("headers"))
            } else {
                try reader.skip(path())
            }
        }
        guard seen == .all else {
            let field =
                !seen.contains(.topic) ? "topic" : !seen.contains(.partition) ? "partition" : "offset"
            throw EventError(.missingField, path(field), "a Kafka record has it, but here it is missing")
        }
        records.append(record)
    }

    private static func natural<Value: FixedWidthInteger>(
        _ reader: inout EventReader, _ path: @autoclosure () -> String
    ) throws(EventError) -> Value {
        let value: Value = try reader.integer(path())
        guard value >= 0 else { throw EventError(.badValue, path(), "expected zero or more, but it is negative") }
        return value
    }

    private static func timestampType(
        _ reader: inout EventReader, _ path: @autoclosure () -> String
    ) throws(EventError) -> KafkaRecord.TimestampType {
        guard let type = KafkaRecord.TimestampType(rawValue: try reader.text(path())) else {
            throw EventError(.badValue, path(), "expected CREATE_TIME or LOG_APPEND_TIME, but it is neither")
        }
        return type
    }

    /// A string, or nil for null.
    private static func optionalString(
        _ reader: inout EventReader, _ path: @autoclosure () -> String
    ) throws(EventError) -> ByteRange? {
        if try reader.peek(path()) == .null {
            try reader.skip(path())
            return nil
        }
        return try reader.string(path())
    }

    /// Checks the headers and notes where they are; nil for null.
    private static func headers(
        _ reader: inout EventReader, _ path: @autoclosure () -> String
    ) throws(EventError) -> ByteRange? {
        guard try reader.peek(path()) != .null else {
            try reader.skip(path())
            return nil
        }
        let start = reader.json.position
        try KafkaHeader.read(&reader, path()) { _ in }
        return ByteRange(start, reader.json.position)
    }

    // MARK: - Escapes

    private mutating func resolve() throws(EventError) {
        if var range = clusterARN {
            try buffer.resolve(&range)
            clusterARN = range
        }
        for index in records.indices {
            try buffer.resolve(&records[index].topicRange)
            if var range = records[index].keyRange {
                try buffer.resolve(&range)
                records[index].keyRange = range
            }
            if var range = records[index].valueRange {
                try buffer.resolve(&range)
                records[index].valueRange = range
            }
        }
    }
}
