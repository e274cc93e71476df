/// What a schema registry's serializer put before a payload: which registry it was, and under which schema it wrote.
///
/// JSON starts with neither of the two bytes that start a frame, so the first byte of a record tells.
struct SchemaRegistryFrame: Equatable {
    /// A registry whose frames are known.
    enum Registry: String {
        /// Confluent's, and those that speak like it: a zero, and the schema's number in four bytes.
        case confluent = "Confluent"
        /// AWS Glue's: a three, how the payload is compressed, and the schema version's UUID in sixteen bytes.
        case glue = "Glue"
    }

    /// The registry.
    let registry: Registry
    /// The schema's number, or the UUID of its version.
    let schemaID: String
    /// Bytes before the payload.
    var length: Int { Self.length(registry) }

    /// The frame that a record starts with; nil for a record without one.
    /// - Throws: ``RecordError/Code/unsupportedPayload`` if the frame is cut short, or if the payload in it is
    ///   compressed or surely no JSON, as Avro's and Protobuf's are.
    init?(of record: RawSpan) throws(RecordError) {
        guard record.byteCount > 0 else { return nil }
        switch record.unsafeLoad(fromByteOffset: 0, as: UInt8.self) {
        case Self.confluentMagic: registry = .confluent
        case Self.glueVersion: registry = .glue
        default: return nil
        }
        let length = Self.length(registry)
        guard record.byteCount >= length else {
            throw RecordError(
                .unsupportedPayload, at: 0,
                "framed by \(registry.rawValue)'s schema registry, but the frame is cut short")
        }
        let idStart = registry == .confluent ? 1 : 2
        let id = (idStart..<length).map { record.unsafeLoad(fromByteOffset: $0, as: UInt8.self) }
        schemaID =
            registry == .confluent ? String(id.reduce(UInt32(0)) { $0 << 8 | UInt32($1) }) : Self.uuid(id)
        if registry == .glue {
            switch record.unsafeLoad(fromByteOffset: 1, as: UInt8.self) {
            case Self.glueUncompressed: break
            case Self.glueZlib: throw unsupported("its payload is compressed by zlib, which is not decoded")
            default: throw unsupported("its payload is compressed in a way that is not known")
            }
        }
        var place = length
        while place < record.byteCount, Self.isWhitespace(record.unsafeLoad(fromByteOffset: place, as: UInt8.self)) {
            place += 1
        }
        guard place < record.byteCount, Self.startsJSON(record.unsafeLoad(fromByteOffset: place, as: UInt8.self))
        else { throw unsupported("its payload is no JSON; Avro and Protobuf are not decoded") }
    }

    /// An error about the payload as one about the record, with the place counted from the record's start; one that
    /// tells that the payload is no JSON object after all names the schema.
    func explain(_ error: RecordError) -> RecordError {
        let reason =
            switch error.code {
            case .badJSON, .notAnObject: "\(self): \(error.reason)"
            default: error.reason
            }
        return RecordError(error.code, field: error.field, at: error.offset &+ length, reason)
    }

    private func unsupported(_ reason: String) -> RecordError {
        RecordError(.unsupportedPayload, at: length, "\(self): \(reason)")
    }

    // MARK: - Bytes

    /// The first byte of Confluent's frame.
    private static let confluentMagic: UInt8 = 0
    /// The first byte of Glue's frame, which is the version of the frame's form.
    private static let glueVersion: UInt8 = 3
    /// The second byte of Glue's frame, which says how the payload is compressed.
    private static let glueUncompressed: UInt8 = 0
    private static let glueZlib: UInt8 = 5

    private static func length(_ registry: Registry) -> Int { registry == .confluent ? 5 : 18 }

    private static func isWhitespace(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09
    }

    /// Whether a JSON text may start so.
    private static func startsJSON(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "{"), UInt8(ascii: "["), UInt8(ascii: "\""), UInt8(ascii: "-"), UInt8(ascii: "t"),
            UInt8(ascii: "f"), UInt8(ascii: "n"), UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: false
        }
    }

    /// Sixteen bytes as text (RFC 9562, section 4).
    private static func uuid(_ bytes: [UInt8]) -> String {
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        for (place, byte) in bytes.enumerated() {
            if [4, 6, 8, 10].contains(place) { text.append(UInt8(ascii: "-")) }
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        return String(decoding: text, as: UTF8.self)
    }
}

extension SchemaRegistryFrame: CustomStringConvertible {
    /// For errors: which registry, and which schema.
    var description: String { "framed by \(registry.rawValue)'s schema registry under schema \(schemaID)" }
}
