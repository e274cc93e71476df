/// Writes Thrift's compact protocol. Fields come in ascending order of their ids; an optional that is nil is left out.
struct CompactWriter {
    /// What has been written so far.
    private(set) var bytes: [UInt8] = []
    private var lastFieldID: Int16 = 0

    /// Writes a struct and its stop byte.
    mutating func structure(_ value: some ThriftStruct) {
        let outer = lastFieldID
        lastFieldID = 0
        value.write(to: &self)
        bytes.append(CompactType.stop)
        lastFieldID = outer
    }

    // MARK: - Fields

    mutating func field(_ id: Int16, _ value: Bool?) {
        guard let value else { return }
        header(id, value ? .true : .false)
    }

    mutating func field(_ id: Int16, _ value: Int16?) {
        guard let value else { return }
        header(id, .i16)
        zigzag(Int64(value))
    }

    mutating func field(_ id: Int16, _ value: Int32?) {
        guard let value else { return }
        header(id, .i32)
        zigzag(Int64(value))
    }

    mutating func field(_ id: Int16, _ value: Int64?) {
        guard let value else { return }
        header(id, .i64)
        zigzag(value)
    }

    mutating func field<Value: RawRepresentable<Int32>>(_ id: Int16, _ value: Value?) { field(id, value?.rawValue) }

    mutating func field(_ id: Int16, _ value: String?) { field(id, value.map { Array($0.utf8) }) }

    mutating func field(_ id: Int16, _ value: [UInt8]?) {
        guard let value else { return }
        header(id, .binary)
        binary(value)
    }

    mutating func field(_ id: Int16, _ value: (some ThriftStruct)?) {
        guard let value else { return }
        header(id, .structure)
        structure(value)
    }

    /// A member of a union that is a struct without fields.
    mutating func emptyField(_ id: Int16) {
        header(id, .structure)
        bytes.append(CompactType.stop)
    }

    /// A struct field whose own fields a closure writes.
    mutating func field(_ id: Int16, fields: (inout CompactWriter) -> Void) {
        header(id, .structure)
        let outer = lastFieldID
        lastFieldID = 0
        fields(&self)
        bytes.append(CompactType.stop)
        lastFieldID = outer
    }

    // MARK: - Lists

    mutating func list(_ id: Int16, _ values: [some ThriftStruct]?) {
        guard let values else { return }
        list(id, of: .structure, count: values.count)
        for value in values { structure(value) }
    }

    mutating func list(_ id: Int16, _ values: [Int64]?) {
        guard let values else { return }
        list(id, of: .i64, count: values.count)
        for value in values { zigzag(value) }
    }

    mutating func list<Value: RawRepresentable<Int32>>(_ id: Int16, _ values: [Value]) {
        list(id, of: .i32, count: values.count)
        for value in values { zigzag(Int64(value.rawValue)) }
    }

    mutating func list(_ id: Int16, _ values: [Bool]) {
        list(id, of: .true, count: values.count)
        for value in values { bytes.append((value ? CompactType.true : .false).rawValue) }
    }

    mutating func list(_ id: Int16, _ values: [[UInt8]]) {
        list(id, of: .binary, count: values.count)
        for value in values { binary(value) }
    }

    mutating func list(_ id: Int16, _ values: [String]) { list(id, values.map { Array($0.utf8) }) }

    // MARK: - Wire forms

    private mutating func header(_ id: Int16, _ type: CompactType) {
        let delta = Int(id) - Int(lastFieldID)
        if (1...15).contains(delta) {
            bytes.append(UInt8(delta) << 4 | type.rawValue)
        } else {
            bytes.append(type.rawValue)
            zigzag(Int64(id))
        }
        lastFieldID = id
    }

    private mutating func list(_ id: Int16, of type: CompactType, count: Int) {
        header(id, .list)
        if count < 15 {
            bytes.append(UInt8(count) << 4 | type.rawValue)
        } else {
            bytes.append(0xF0 | type.rawValue)
            varint(UInt64(count))
        }
    }

    private mutating func binary(_ value: [UInt8]) {
        varint(UInt64(value.count))
        bytes.append(contentsOf: value)
    }

    private mutating func zigzag(_ value: Int64) { varint(UInt64(bitPattern: value << 1 ^ value >> 63)) }

    private mutating func varint(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }
}
