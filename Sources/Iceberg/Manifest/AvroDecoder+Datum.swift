internal import Avro

extension AvroDecoder {
    /// A partition value, as the type that the spec's transform gives if it is known: writers differ in whether days
    /// are dates or ints, and a column may have been promoted since.
    mutating func datum(_ type: AvroSchema, expected: Type?) throws(AvroError) -> Datum {
        let value = try datum(type)
        switch (value, expected) {
        case (.int(let days), .date?): return .date(days)
        case (.date(let days), .int?): return .int(days)
        case (.int(let value), .long?): return .long(Int64(value))
        case (.float(let value), .double?): return .double(Double(value))
        case (.long(let value), .timestamp?): return .timestamp(value)
        case (.long(let value), .timestamptz?), (.timestamp(let value), .timestamptz?): return .timestamptz(value)
        case (.long(let value), .time?): return .time(value)
        case (.fixed(let bytes), .uuid?) where bytes.count == 16: return .uuid(bytes)
        case (.decimal(let unscaled, _, _), .decimal(let precision, let scale)?):
            return .decimal(unscaled: unscaled, precision: precision, scale: scale)
        default: return value
        }
    }

    private mutating func datum(_ type: AvroSchema) throws(AvroError) -> Datum {
        switch type {
        case .boolean: return .boolean(try boolean(type))
        case .int: return .int(try int(type))
        case .long: return .long(try long(type))
        case .float: return .float(try float(type))
        case .double: return .double(try double(type))
        case .string: return .string(try string(type))
        case .bytes: return .binary(try data(type))
        case .fixed: return .fixed(try data(type))
        case .logical(let logical, let physical): return try datum(logical, physical)
        default: throw AvroError(.malformed, "a partition value is not of a primitive type")
        }
    }

    private mutating func datum(_ logical: AvroLogicalType, _ physical: AvroSchema) throws(AvroError) -> Datum {
        switch logical {
        case .date: return .date(try int(physical))
        case .timeMicros: return .time(try long(physical))
        case .timestampMicros(let adjustToUTC):
            return adjustToUTC ? .timestamptz(try long(physical)) : .timestamp(try long(physical))
        case .uuid:
            if physical != .string { return .uuid(try data(physical)) }
            guard let bytes = Datum.uuidBytes(try string(physical)) else {
                throw AvroError(.malformed, "a UUID is not written as one")
            }
            return .uuid(bytes)
        case .decimal(let precision, let scale):
            guard let value = Decimals.value(of: try data(physical)) else {
                throw AvroError(.malformed, "a decimal has no bytes, or more than 16")
            }
            return .decimal(unscaled: Decimals.bytes(of: value), precision: precision, scale: scale)
        case .map: throw AvroError(.malformed, "a partition value is not of a primitive type")
        }
    }
}

extension Datum {
    /// The 16 bytes of a UUID's text, with or without hyphens.
    static func uuidBytes(_ text: String) -> [UInt8]? {
        let digits = text.utf8.filter { $0 != UInt8(ascii: "-") }
        guard digits.count == 32 else { return nil }
        var bytes: [UInt8] = []
        for index in stride(from: 0, to: 32, by: 2) {
            guard let high = Character(Unicode.Scalar(digits[index])).hexDigitValue,
                let low = Character(Unicode.Scalar(digits[index + 1])).hexDigitValue
            else { return nil }
            bytes.append(UInt8(high << 4 | low))
        }
        return bytes
    }
}
