/// Reads values of a block one after the other, each as the writer's schema says it lies there. Every length is checked
/// against the bytes that are left.
public struct AvroDecoder: ~Escapable {
    private let bytes: RawSpan
    /// The next byte to read.
    public private(set) var position = 0

    /// A reader at the start of a block.
    @_lifetime(copy bytes)
    public init(_ bytes: RawSpan) { self.bytes = bytes }

    /// Bytes that are left.
    public var remaining: Int { bytes.byteCount - position }

    /// Checks that nothing is left.
    public func end() throws(AvroError) {
        guard remaining == 0 else { throw malformed("bytes after the last record of a block") }
    }

    // MARK: - Values of a schema

    /// What comes next: the branch that a union's index picks, or the type itself; nil if it is null.
    public mutating func present(_ type: AvroSchema) throws(AvroError) -> AvroSchema? {
        switch type {
        case .union(let branches):
            let index = try varint()
            guard index >= 0, index < branches.count else { throw malformed("a union's index is out of range") }
            return try present(branches[Int(index)])
        case .null: return nil
        default: return type
        }
    }

    /// A whole number of type int, long or enum.
    public mutating func long(_ type: AvroSchema) throws(AvroError) -> Int64 {
        switch try required(type) {
        case .long: return try varint()
        case .int, .enumeration:
            let value = try varint()
            guard Int32(exactly: value) != nil else { throw malformed("an int does not fit 32 bits") }
            return value
        default: throw malformed("expected a whole number")
        }
    }

    /// A whole number that fits 32 bits; a writer may have declared it long.
    public mutating func int(_ type: AvroSchema) throws(AvroError) -> Int32 {
        guard let value = Int32(exactly: try long(type)) else { throw malformed("a number does not fit 32 bits") }
        return value
    }

    /// A truth value.
    public mutating func boolean(_ type: AvroSchema) throws(AvroError) -> Bool {
        guard try required(type) == .boolean else { throw malformed("expected a boolean") }
        switch try byte() {
        case 0: return false
        case 1: return true
        default: throw malformed("a boolean is neither 0 nor 1")
        }
    }

    /// A float.
    public mutating func float(_ type: AvroSchema) throws(AvroError) -> Float {
        guard try required(type) == .float else { throw malformed("expected a float") }
        return Float(bitPattern: UInt32(try fixedWidth(4)))
    }

    /// A double; a float widens.
    public mutating func double(_ type: AvroSchema) throws(AvroError) -> Double {
        switch try required(type) {
        case .double: return Double(bitPattern: try fixedWidth(8))
        case .float: return Double(Float(bitPattern: UInt32(try fixedWidth(4))))
        default: throw malformed("expected a double")
        }
    }

    /// The bytes of type bytes, fixed or string.
    public mutating func data(_ type: AvroSchema) throws(AvroError) -> [UInt8] {
        let length: Int
        switch try required(type) {
        case .bytes, .string: length = try self.length()
        case .fixed(let size): length = size
        default: throw malformed("expected bytes")
        }
        return try take(length).withUnsafeBytes { Array($0) }
    }

    /// Text of type string, which must be valid UTF-8.
    public mutating func string(_ type: AvroSchema) throws(AvroError) -> String {
        guard try required(type) == .string else { throw malformed("expected a string") }
        let start = position
        let text = try take(try length())
        guard let valid = text.withUnsafeBytes({ String(validating: $0, as: UTF8.self) }) else {
            throw AvroError(.malformed, "a string is not valid UTF-8", at: start)
        }
        return valid
    }

    /// How many elements or entries the next block of an array or map has, whose element type is given; 0 at the end.
    public mutating func blockCount(of element: AvroSchema) throws(AvroError) -> Int {
        var count = try varint()
        if count < 0 {
            // A negative count is followed by the block's length in bytes, which only those who skip it need.
            let size = try varint()
            guard count != .min, size >= 0, size <= remaining else {
                throw malformed("a block's length is out of range")
            }
            count = -count
        }
        // Every element of the types met here takes at least a byte, so more elements than bytes is a forged count.
        guard count <= remaining else { throw malformed("an array has more elements than bytes") }
        return Int(count)
    }

    /// Passes over a value.
    public mutating func skip(_ type: AvroSchema) throws(AvroError) {
        switch type {
        case .null: return
        case .boolean: _ = try take(1)
        case .int, .long, .enumeration: _ = try varint()
        case .float: _ = try take(4)
        case .double: _ = try take(8)
        case .bytes, .string: _ = try take(try length())
        case .fixed(let size): _ = try take(size)
        case .logical(_, let physical): try skip(physical)
        case .union: if let branch = try present(type) { try skip(branch) }
        case .record(let record): for field in record.fields { try skip(field.type) }
        case .array(let element, _):
            while case let count = try blockCount(of: element), count > 0 {
                for _ in 0..<count { try skip(element) }
            }
        case .map(let value):
            while case let count = try blockCount(of: value), count > 0 {
                for _ in 0..<count {
                    try skip(.string)
                    try skip(value)
                }
            }
        }
    }

    /// The physical type of a value that must not be null.
    private mutating func required(_ type: AvroSchema) throws(AvroError) -> AvroSchema {
        switch type {
        case .union:
            guard let branch = try present(type) else { throw malformed("a required value is null") }
            return branch.physical
        case .logical(_, let physical): return physical
        default: return type
        }
    }

    // MARK: - Bytes

    /// A zig-zag number of up to ten bytes, seven bits each, least significant first.
    public mutating func varint() throws(AvroError) -> Int64 {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while true {
            let next = UInt64(try byte())
            guard shift < 63 || next <= 1 else { throw malformed("a number does not fit 64 bits") }
            value |= (next & 0x7F) << shift
            if next < 0x80 { return Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1) }
            shift += 7
        }
    }

    mutating func length() throws(AvroError) -> Int {
        let length = try varint()
        guard length >= 0 else { throw malformed("a length is negative") }
        guard length <= remaining else { throw AvroError(.truncated, "a length passes the end", at: position) }
        return Int(length)
    }

    @_lifetime(copy self)
    mutating func take(_ count: Int) throws(AvroError) -> RawSpan {
        guard count >= 0, count <= remaining else {
            throw AvroError(.truncated, "the bytes end inside a value", at: position)
        }
        defer { position += count }
        return bytes.extracting(position..<position + count)
    }

    private mutating func byte() throws(AvroError) -> UInt8 {
        guard position < bytes.byteCount else {
            throw AvroError(.truncated, "the bytes end inside a value", at: position)
        }
        defer { position += 1 }
        return bytes.unsafeLoad(fromByteOffset: position, as: UInt8.self)
    }

    private mutating func fixedWidth(_ count: Int) throws(AvroError) -> UInt64 {
        var value: UInt64 = 0
        for index in 0..<count { value |= UInt64(try byte()) << UInt64(index * 8) }
        return value
    }

    private func malformed(_ reason: String) -> AvroError { AvroError(.malformed, reason, at: position) }
}
