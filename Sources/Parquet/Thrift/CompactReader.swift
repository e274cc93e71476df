/// Reads Thrift's compact protocol from bytes that nobody vouches for: every length is checked against what is left,
/// and nesting is bounded.
struct CompactReader {
    /// A field's id and wire type.
    struct FieldHeader {
        let id: Int16
        let type: CompactType
    }

    private let bytes: [UInt8]
    private let limit: Int
    /// Where the next byte is read, in bytes from the start.
    private(set) var position: Int
    /// The last field id of each struct that is open, innermost last.
    private var openStructs: [Int16] = []

    private static let maximumDepth = 32

    /// Reads a part of these bytes, all of them if no range is given.
    init(_ bytes: [UInt8], in range: Range<Int>? = nil) throws(ParquetError) {
        self.bytes = bytes
        position = range?.lowerBound ?? 0
        limit = range?.upperBound ?? bytes.count
        guard position >= 0, limit <= bytes.count else { throw malformed("a range outside the file") }
    }

    /// An error here.
    func malformed(_ message: String) -> ParquetError { ParquetError(.malformed, message, offset: position) }

    /// What a struct must have.
    func required<Value>(_ value: Value?, _ name: String) throws(ParquetError) -> Value {
        guard let value else { throw malformed("\(name) is missing") }
        return value
    }

    // MARK: - Structs

    /// Opens a struct, whose fields ``nextField()`` gives.
    mutating func beginStruct() throws(ParquetError) {
        guard openStructs.count < Self.maximumDepth else { throw malformed("structs nested too deeply") }
        openStructs.append(0)
    }

    /// The next field of the innermost open struct; nil at its stop byte, which closes it.
    mutating func nextField() throws(ParquetError) -> FieldHeader? {
        guard let last = openStructs.popLast() else { throw malformed("no struct is open") }
        let byte = try self.byte()
        guard byte != CompactType.stop else { return nil }
        guard let type = CompactType(rawValue: byte & 0x0F) else { throw malformed("an unknown Thrift type") }
        let delta = Int16(byte >> 4)
        let id: Int16
        if delta == 0 {
            id = try zigzag(as: Int16.self)
        } else {
            let (sum, overflows) = last.addingReportingOverflow(delta)
            guard !overflows else { throw malformed("a field id out of range") }
            id = sum
        }
        openStructs.append(id)
        return FieldHeader(id: id, type: type)
    }

    // MARK: - Fields

    mutating func bool(_ field: FieldHeader) throws(ParquetError) -> Bool {
        switch field.type {
        case .true: return true
        case .false: return false
        default: throw malformed("field \(field.id) is no boolean")
        }
    }

    mutating func i16(_ field: FieldHeader) throws(ParquetError) -> Int16 {
        try expect(field, .i16)
        return try zigzag(as: Int16.self)
    }

    mutating func i32(_ field: FieldHeader) throws(ParquetError) -> Int32 {
        try expect(field, .i32)
        return try zigzag(as: Int32.self)
    }

    mutating func i64(_ field: FieldHeader) throws(ParquetError) -> Int64 {
        try expect(field, .i64)
        return try zigzag(as: Int64.self)
    }

    mutating func enumeration<Value: RawRepresentable<Int32>>(_ field: FieldHeader) throws(ParquetError) -> Value {
        try enumeration(try i32(field))
    }

    mutating func binary(_ field: FieldHeader) throws(ParquetError) -> [UInt8] {
        try expect(field, .binary)
        return try binary()
    }

    mutating func string(_ field: FieldHeader) throws(ParquetError) -> String { try utf8(try binary(field)) }

    mutating func structure<Value: ThriftStruct>(_ field: FieldHeader) throws(ParquetError) -> Value {
        try expect(field, .structure)
        return try Value(from: &self)
    }

    // MARK: - Lists

    mutating func list<Value: ThriftStruct>(_ field: FieldHeader) throws(ParquetError) -> [Value] {
        try list(field, of: .structure) { reader throws(ParquetError) in try Value(from: &reader) }
    }

    mutating func enumerations<Value: RawRepresentable<Int32>>(_ field: FieldHeader) throws(ParquetError) -> [Value] {
        try list(field, of: .i32) { reader throws(ParquetError) in
            try reader.enumeration(try reader.zigzag(as: Int32.self))
        }
    }

    mutating func integers(_ field: FieldHeader) throws(ParquetError) -> [Int64] {
        try list(field, of: .i64) { reader throws(ParquetError) in try reader.zigzag(as: Int64.self) }
    }

    mutating func binaries(_ field: FieldHeader) throws(ParquetError) -> [[UInt8]] {
        try list(field, of: .binary) { reader throws(ParquetError) in try reader.binary() }
    }

    mutating func strings(_ field: FieldHeader) throws(ParquetError) -> [String] {
        try list(field, of: .binary) { reader throws(ParquetError) in try reader.utf8(try reader.binary()) }
    }

    mutating func booleans(_ field: FieldHeader) throws(ParquetError) -> [Bool] {
        try list(field, of: .true) { reader throws(ParquetError) in try reader.byte() == CompactType.true.rawValue }
    }

    private mutating func list<Value>(
        _ field: FieldHeader, of type: CompactType,
        _ element: (inout CompactReader) throws(ParquetError) -> Value
    ) throws(ParquetError) -> [Value] {
        try expect(field, .list)
        let (actual, count) = try listHeader()
        // Writers differ in which of the two boolean types heads a list of booleans.
        guard actual == type || (type == .true && actual == .false) || count == 0 else {
            throw malformed("field \(field.id) is a list of another type")
        }
        var values: [Value] = []
        values.reserveCapacity(count)
        for _ in 0..<count { values.append(try element(&self)) }
        return values
    }

    // MARK: - Skipping

    /// Skips a field that the caller does not know.
    mutating func skip(_ field: FieldHeader) throws(ParquetError) {
        guard field.type != .true && field.type != .false else { return }
        try skip(field.type, depth: openStructs.count)
    }

    private mutating func skip(_ type: CompactType, depth: Int) throws(ParquetError) {
        guard depth < Self.maximumDepth else { throw malformed("values nested too deeply") }
        switch type {
        case .true, .false, .i8: _ = try byte()
        case .i16, .i32, .i64: _ = try varint()
        case .double: try advance(8)
        case .uuid: try advance(16)
        case .binary: _ = try binary()
        case .list, .set:
            let (element, count) = try listHeader()
            for _ in 0..<count { try skip(element, depth: depth + 1) }
        case .map:
            let count = try length()
            guard count > 0 else { return }
            let types = try byte()
            guard let key = CompactType(rawValue: types >> 4), let value = CompactType(rawValue: types & 15) else {
                throw malformed("an unknown Thrift type")
            }
            for _ in 0..<count {
                try skip(key, depth: depth + 1)
                try skip(value, depth: depth + 1)
            }
        case .structure:
            try beginStruct()
            while let field = try nextField() {
                guard field.type != .true && field.type != .false else { continue }
                try skip(field.type, depth: depth + 1)
            }
        }
    }

    // MARK: - Wire forms

    private func expect(_ field: FieldHeader, _ type: CompactType) throws(ParquetError) {
        guard field.type == type else { throw malformed("field \(field.id) has another type") }
    }

    private func enumeration<Value: RawRepresentable<Int32>>(_ raw: Int32) throws(ParquetError) -> Value {
        guard let value = Value(rawValue: raw) else { throw malformed("an unknown value of \(Value.self)") }
        return value
    }

    private func utf8(_ bytes: [UInt8]) throws(ParquetError) -> String {
        guard let text = String(validating: bytes, as: UTF8.self) else { throw malformed("invalid UTF-8") }
        return text
    }

    private mutating func listHeader() throws(ParquetError) -> (CompactType, Int) {
        let byte = try self.byte()
        guard let type = CompactType(rawValue: byte & 0x0F) else { throw malformed("an unknown Thrift type") }
        let short = Int(byte >> 4)
        let count = short == 15 ? try length() : short
        // An element takes a byte or more, so a count past what is left is a lie that must not reserve memory.
        guard count <= limit - position else { throw malformed("a list longer than the file") }
        return (type, count)
    }

    private mutating func binary() throws(ParquetError) -> [UInt8] {
        let count = try length()
        try advance(count)
        return Array(bytes[position - count..<position])
    }

    /// A length or count, at most what is left of the bytes.
    private mutating func length() throws(ParquetError) -> Int {
        let value = try varint()
        guard value <= UInt64(limit - position) else { throw malformed("a length past the end") }
        return Int(value)
    }

    private mutating func zigzag<Value: FixedWidthInteger>(as type: Value.Type) throws(ParquetError) -> Value {
        let raw = try varint()
        let value = Int64(bitPattern: raw >> 1) ^ -Int64(bitPattern: raw & 1)
        guard let exact = Value(exactly: value) else { throw malformed("an integer out of range") }
        return exact
    }

    private mutating func varint() throws(ParquetError) -> UInt64 {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while true {
            let byte = try self.byte()
            guard shift < 63 || byte <= 1 else { throw malformed("a variable-length integer of more than 64 bits") }
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return value }
            shift += 7
        }
    }

    private mutating func byte() throws(ParquetError) -> UInt8 {
        guard position < limit else { throw malformed("the bytes end inside a value") }
        defer { position += 1 }
        return bytes[position]
    }

    private mutating func advance(_ count: Int) throws(ParquetError) {
        guard count <= limit - position else { throw malformed("the bytes end inside a value") }
        position += count
    }
}
