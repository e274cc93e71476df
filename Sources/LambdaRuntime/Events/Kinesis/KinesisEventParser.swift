internal import JSON

/// Reads a Kinesis batch in one pass over its bytes.
struct KinesisEventParser {
    private let buffer: EventBuffer
    private(set) var records: [KinesisRecord] = []
    private(set) var window: TumblingWindow?
    /// Whether some string has escapes, so that ranges must be resolved at the end.
    private var hasEscapes = false
    private var hasRecords = false
    /// Whether the event names a window; the mapping's other fields come only with one.
    private var hasWindow = false

    /// Bytes of a record that carries next to nothing; the array's first size is a guess from it.
    private static let leastRecordBytes = 512

    init(_ buffer: EventBuffer) { self.buffer = buffer }

    mutating func parse() throws(EventError) {
        try read()
        if hasEscapes { try resolve() }
    }

    // MARK: - The event

    private mutating func read() throws(EventError) {
        // A local reference, so that the reader borrows it and not this whole value.
        let buffer = self.buffer
        var reader = try EventReader(buffer)
        var source: String?
        try reader.beginObject("")
        while let key = try reader.nextKey("") {
            if reader.isKey(key, "Records") {
                try readRecords(&reader)
            } else if reader.isKey(key, "eventSource") {
                source = try reader.text("eventSource")
            } else {
                try readWindowMember(&reader, key)
            }
        }
        try reader.end()
        guard hasRecords else {
            if let source {
                throw EventError(
                    .wrongSource, "eventSource",
                    "expected a Kinesis batch, but it is of \(EventReader.quotable(source))")
            }
            throw EventError(.missingField, "Records", "expected the batch's records, but the field is missing")
        }
        if !hasWindow { window = nil }
        guard !records.isEmpty || hasWindow else {
            throw EventError(.badValue, "Records", "expected at least one record, but the array is empty")
        }
    }

    private mutating func readRecords(_ reader: inout EventReader) throws(EventError) {
        hasRecords = true
        records.removeAll()
        records.reserveCapacity(buffer.count / Self.leastRecordBytes + 1)
        try reader.beginArray("Records")
        let bytes = buffer.all
        var templates = KinesisRecordTemplates()
        while try reader.nextElement("Records") {
            let start = reader.json.position
            if let (record, end) = templates.match(bytes, at: start, upTo: buffer.count) {
                records.append(record)
                reader.resume(at: end)
                continue
            }
            var timestamp = 0..<0
            let record = try readRecord(&reader, &timestamp)
            records.append(record)
            if let template = KinesisRecordTemplate(
                record, text: start..<reader.json.position, timestamp: timestamp)
            {
                templates.keep(template)
            }
        }
    }

    private mutating func readWindowMember(_ reader: inout EventReader, _ key: JSONToken) throws(EventError) {
        var window = self.window ?? TumblingWindow(buffer: buffer)
        if reader.isKey(key, "window") {
            try readWindow(&reader, &window)
        } else if reader.isKey(key, "state") {
            if try reader.peek("state") == .null {
                try reader.skip("state")
            } else {
                window.stateRange = try reader.raw("state")
            }
        } else if reader.isKey(key, "shardId") {
            window.shardIDRange = note(try reader.string("shardId"))
        } else if reader.isKey(key, "eventSourceARN") {
            window.streamARNRange = note(try reader.string("eventSourceARN"))
        } else if reader.isKey(key, "isFinalInvokeForWindow") {
            window.isFinalInvokeForWindow = try reader.bool("isFinalInvokeForWindow")
        } else if reader.isKey(key, "isWindowTerminatedEarly") {
            window.isWindowTerminatedEarly = try reader.bool("isWindowTerminatedEarly")
        } else {
            try reader.skip("")
            return
        }
        self.window = window
    }

    private mutating func readWindow(_ reader: inout EventReader, _ window: inout TumblingWindow) throws(EventError) {
        hasWindow = true
        try reader.beginObject("window")
        while let key = try reader.nextKey("window") {
            if reader.isKey(key, "start") {
                window.startRange = note(try reader.string("window.start"))
            } else if reader.isKey(key, "end") {
                window.endRange = note(try reader.string("window.end"))
            } else {
                try reader.skip("window")
            }
        }
    }

    // MARK: - One record

    /// Which fields of a record have been seen.
    private struct Seen: OptionSet, Sendable {
        let rawValue: UInt8
        static let eventID = Seen(rawValue: 1)
        static let streamARN = Seen(rawValue: 2)
        static let source = Seen(rawValue: 4)
        static let sequenceNumber = Seen(rawValue: 8)
        static let partitionKey = Seen(rawValue: 16)
        static let data = Seen(rawValue: 32)
        static let timestamp = Seen(rawValue: 64)
        static let all = Seen(rawValue: 127)
    }

    /// - Parameter timestamp: is set to where the arrival time stands.
    private mutating func readRecord(
        _ reader: inout EventReader, _ timestamp: inout Range<Int>
    ) throws(EventError) -> KinesisRecord {
        let index = records.count
        var record = KinesisRecord(buffer: buffer)
        var seen: Seen = []
        try reader.beginObject(Self.path(index))
        while let key = try reader.nextKey(Self.path(index)) {
            if reader.isKey(key, "kinesis") {
                try readKinesis(&reader, &record, &seen, &timestamp)
            } else if reader.isKey(key, "eventID") {
                record.eventIDRange = note(try reader.string(Self.path(index, "eventID")))
                seen.insert(.eventID)
            } else if reader.isKey(key, "eventSourceARN") {
                record.streamARNRange = note(try reader.string(Self.path(index, "eventSourceARN")))
                seen.insert(.streamARN)
            } else if reader.isKey(key, "eventSource") {
                try readSource(&reader, index)
                seen.insert(.source)
            } else {
                try reader.skip(Self.path(index))
            }
        }
        guard seen == .all else { throw Self.missing(seen, index) }
        try setShardID(&record, index)
        return record
    }

    private mutating func readKinesis(
        _ reader: inout EventReader, _ record: inout KinesisRecord, _ seen: inout Seen, _ timestamp: inout Range<Int>
    ) throws(EventError) {
        let index = records.count
        try reader.beginObject(Self.path(index, "kinesis"))
        while let key = try reader.nextKey(Self.path(index, "kinesis")) {
            if reader.isKey(key, "data") {
                record.dataRange = note(try reader.string(Self.path(index, "kinesis.data")))
                seen.insert(.data)
            } else if reader.isKey(key, "sequenceNumber") {
                let range = note(try reader.string(Self.path(index, "kinesis.sequenceNumber")))
                try checkSequenceNumber(range, index)
                record.sequenceNumberRange = range
                seen.insert(.sequenceNumber)
            } else if reader.isKey(key, "partitionKey") {
                record.partitionKeyRange = note(try reader.string(Self.path(index, "kinesis.partitionKey")))
                seen.insert(.partitionKey)
            } else if reader.isKey(key, "approximateArrivalTimestamp") {
                let path = "kinesis.approximateArrivalTimestamp"
                try reader.expect(.number, Self.path(index, path))
                let start = reader.json.position
                record.approximateArrivalTimestampMs = try reader.secondsAsMilliseconds(Self.path(index, path))
                timestamp = start..<reader.json.position
                seen.insert(.timestamp)
            } else {
                try reader.skip(Self.path(index, "kinesis"))
            }
        }
    }

    private func readSource(_ reader: inout EventReader, _ index: Int) throws(EventError) {
        let path = Self.path(index, "eventSource")
        let source = try reader.text(path)
        guard source == "aws:kinesis" else {
            throw EventError(.wrongSource, path, "expected aws:kinesis, but it is \(EventReader.quotable(source))")
        }
    }

    private func checkSequenceNumber(_ range: ByteRange, _ index: Int) throws(EventError) {
        let isDecimal =
            range.count > 0 && range.count <= 128
            && buffer.all[range.start..<range.end].allSatisfy { $0 &- UInt8(ascii: "0") <= 9 }
        guard isDecimal else {
            throw EventError(
                .badValue, Self.path(index, "kinesis.sequenceNumber"),
                "expected 1 to 128 decimal digits, but it is something else")
        }
    }

    /// The shard is what stands before the colon of the event's id.
    private func setShardID(_ record: inout KinesisRecord, _ index: Int) throws(EventError) {
        let range = record.eventIDRange
        guard !range.hasEscapes, let colon = buffer.all[range.start..<range.end].firstIndex(of: UInt8(ascii: ":")),
            colon > range.start
        else {
            throw EventError(
                .badValue, Self.path(index, "eventID"), "expected a shard and a sequence number joined by a colon")
        }
        record.shardIDRange = ByteRange(range.start, colon)
    }

    // MARK: - Escapes

    private mutating func note(_ range: ByteRange) -> ByteRange {
        if range.hasEscapes { hasEscapes = true }
        return range
    }

    private mutating func resolve() throws(EventError) {
        for index in records.indices {
            try buffer.resolve(&records[index].partitionKeyRange)
            try buffer.resolve(&records[index].dataRange)
            try buffer.resolve(&records[index].streamARNRange)
        }
        if var window {
            try buffer.resolve(&window.startRange)
            try buffer.resolve(&window.endRange)
            try buffer.resolve(&window.shardIDRange)
            try buffer.resolve(&window.streamARNRange)
            self.window = window
        }
    }

    // MARK: - Words for errors

    private static func path(_ index: Int, _ field: String = "") -> String {
        field.isEmpty ? "Records[\(index)]" : "Records[\(index)].\(field)"
    }

    private static func missing(_ seen: Seen, _ index: Int) -> EventError {
        let isWithoutPayload = seen.isDisjoint(with: [.sequenceNumber, .partitionKey, .data, .timestamp])
        let field =
            isWithoutPayload && seen.contains(.source) ? "kinesis" : names.first { !seen.contains($0.field) }?.name
        return EventError(.missingField, path(index, field ?? ""), "a Kinesis record has it, but here it is missing")
    }

    /// Fields by name, the telling ones first.
    private static let names: [(field: Seen, name: String)] = [
        (.source, "eventSource"), (.data, "kinesis.data"), (.sequenceNumber, "kinesis.sequenceNumber"),
        (.partitionKey, "kinesis.partitionKey"), (.timestamp, "kinesis.approximateArrivalTimestamp"),
        (.eventID, "eventID"), (.streamARN, "eventSourceARN"),
    ]
}
