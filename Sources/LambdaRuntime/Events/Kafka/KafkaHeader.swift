internal import JSON

/// One header of a Kafka record. A name may come more than once.
public struct KafkaHeader: Equatable, Sendable {
    /// The header's name.
    public let name: String
    /// The header's bytes.
    public let value: [UInt8]

    /// A header.
    public init(name: String, value: [UInt8]) {
        self.name = name
        self.value = value
    }

    /// Reads `[{"name":[104,-61]}]`, and hands each header to a closure.
    static func read(
        _ reader: inout EventReader, _ path: @autoclosure () -> String, _ take: (KafkaHeader) -> Void
    ) throws(EventError) {
        try reader.beginArray(path())
        while try reader.nextElement(path()) {
            try reader.beginObject(path())
            while let key = try reader.nextKey(path()) {
                let name: String
                do { name = try reader.json.string(key) } catch { throw EventError(error, path()) }
                var value: [UInt8] = []
                // Kafka has headers without a value; they count as empty, and never spoil the batch.
                if try reader.peek(path()) == .null {
                    try reader.skip(path())
                    take(KafkaHeader(name: name, value: value))
                    continue
                }
                try reader.beginArray(path())
                while try reader.nextElement(path()) {
                    let number = try reader.integer(path(), as: Int16.self)
                    guard (-128...255).contains(number) else {
                        throw EventError(.badValue, path(), "expected bytes, signed or not, but a number is neither")
                    }
                    value.append(UInt8(truncatingIfNeeded: number))
                }
                take(KafkaHeader(name: name, value: value))
            }
        }
    }

    /// Reads headers that the event's decoder has already checked.
    static func decode(_ buffer: EventBuffer, _ range: ByteRange) -> [KafkaHeader] {
        var headers: [KafkaHeader] = []
        var reader = EventReader(buffer, at: range)
        // The same text was read without error when the event was decoded.
        try? read(&reader, "headers") { headers.append($0) }
        return headers
    }
}
