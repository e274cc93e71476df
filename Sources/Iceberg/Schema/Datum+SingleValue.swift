/// Single values as bytes: bounds in manifests and partition summaries ("Appendix D: Single-value serialization").
extension Datum {
    /// The value as Appendix D lays it out.
    public var singleValueBytes: [UInt8] {
        switch self {
        case .boolean(let value): [value ? 1 : 0]
        case .int(let value), .date(let value): Self.littleEndian(value)
        case .long(let value), .time(let value), .timestamp(let value), .timestamptz(let value):
            Self.littleEndian(value)
        case .float(let value): Self.littleEndian(value.bitPattern)
        case .double(let value): Self.littleEndian(value.bitPattern)
        case .string(let text): Array(text.utf8)
        case .uuid(let bytes), .fixed(let bytes), .binary(let bytes): bytes
        case .decimal(let unscaled, _, _): unscaled
        }
    }

    /// Reads a value of this type. Shorter forms from before a promotion (int to long, float to double) are read too.
    /// - Throws: ``IcebergError/Code/malformed`` if the bytes do not have the type's length, or are not UTF-8.
    public init(singleValue bytes: [UInt8], type: Type) throws(IcebergError) {
        switch type {
        case .boolean: self = .boolean(try Self.fixedWidth(bytes, as: UInt8.self) != 0)
        case .int: self = .int(try Self.fixedWidth(bytes))
        case .date: self = .date(try Self.fixedWidth(bytes))
        case .long where bytes.count == 4: self = .long(Int64(try Self.fixedWidth(bytes, as: Int32.self)))
        case .long: self = .long(try Self.fixedWidth(bytes))
        case .time: self = .time(try Self.fixedWidth(bytes))
        case .timestamp: self = .timestamp(try Self.fixedWidth(bytes))
        case .timestamptz: self = .timestamptz(try Self.fixedWidth(bytes))
        case .float: self = .float(Float(bitPattern: try Self.fixedWidth(bytes)))
        case .double where bytes.count == 4:
            self = .double(Double(Float(bitPattern: try Self.fixedWidth(bytes))))
        case .double: self = .double(Double(bitPattern: try Self.fixedWidth(bytes)))
        case .string:
            guard let text = String(validating: bytes, as: UTF8.self) else {
                throw IcebergError(.malformed, "a string value is not valid UTF-8")
            }
            self = .string(text)
        case .uuid:
            guard bytes.count == 16 else { throw Self.wrongLength }
            self = .uuid(bytes)
        case .fixed(let length):
            guard bytes.count == length else { throw Self.wrongLength }
            self = .fixed(bytes)
        case .binary: self = .binary(bytes)
        case .decimal(let precision, let scale):
            guard let value = Decimals.value(of: bytes) else { throw Self.wrongLength }
            self = .decimal(unscaled: Decimals.bytes(of: value), precision: precision, scale: scale)
        case .struct, .list, .map: throw IcebergError(.unsupported, "a single value of a nested type")
        }
    }

    private static var wrongLength: IcebergError { IcebergError(.malformed, "a value does not have its type's length") }

    private static func littleEndian(_ value: some FixedWidthInteger) -> [UInt8] {
        withUnsafeBytes(of: value.littleEndian) { Array($0) }
    }

    private static func fixedWidth<Value: FixedWidthInteger>(
        _ bytes: [UInt8], as type: Value.Type = Value.self
    ) throws(IcebergError) -> Value {
        guard bytes.count == MemoryLayout<Value>.size else { throw wrongLength }
        return Value(littleEndian: bytes.withUnsafeBytes { $0.loadUnaligned(as: Value.self) })
    }
}

/// Unscaled values of decimals. 38 digits fit 128 bits.
enum Decimals {
    /// A two's complement, big-endian number of 1 to 16 bytes; nil for other lengths.
    static func value(of bytes: [UInt8]) -> Int128? {
        guard (1...16).contains(bytes.count) else { return nil }
        var value: Int128 = bytes[0] >= 0x80 ? -1 : 0
        for byte in bytes { value = value << 8 | Int128(byte) }
        return value
    }

    /// The fewest bytes that hold the number, two's complement, big-endian.
    static func bytes(of value: Int128) -> [UInt8] {
        let all = withUnsafeBytes(of: value.bigEndian) { Array($0) }
        let fill: UInt8 = value < 0 ? 0xFF : 0
        var start = 0
        while start < 15, all[start] == fill, all[start + 1] & 0x80 == fill & 0x80 { start += 1 }
        return Array(all[start...])
    }

    /// As many bytes as a fixed type asks for; nil if the number needs more.
    static func bytes(of value: Int128, count: Int) -> [UInt8]? {
        let minimal = bytes(of: value)
        guard minimal.count <= count else { return nil }
        return Array(repeating: value < 0 ? 0xFF : 0, count: count - minimal.count) + minimal
    }

    /// Bytes that hold every number of this many digits.
    static func byteCount(precision: Int) -> Int {
        var limit: Int128 = 1
        for _ in 0..<min(precision, 38) { limit *= 10 }
        return bytes(of: limit - 1).count
    }
}
