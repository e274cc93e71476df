/// Bytes that grow at the end, with raw pointers to read and write them: one allocation, doubled when full, freed with
/// its owner. What lies past ``count`` is uninitialised. Every loop over values in this module runs over one of these.
struct ByteBuffer: ~Copyable {
    /// The memory; its alignment suits every fixed-width type.
    private(set) var base: UnsafeMutableRawPointer
    /// Bytes in use.
    private(set) var count = 0
    private var capacity: Int

    private static let alignment = 16

    init(capacity: Int = 0) {
        self.capacity = max(capacity, 64)
        base = .allocate(byteCount: self.capacity, alignment: Self.alignment)
    }

    deinit { base.deallocate() }

    /// The bytes in use; valid until the buffer next grows.
    var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: base, count: count) }

    /// Where the next byte goes; valid until the buffer next grows.
    var end: UnsafeMutableRawPointer { base + count }

    /// The bytes as values of one type; valid until the buffer next grows.
    func values<Value: BitwiseCopyable>(as type: Value.Type) -> UnsafePointer<Value> {
        UnsafePointer(base.assumingMemoryBound(to: Value.self))
    }

    /// Makes room for more bytes.
    @inline(__always)
    mutating func reserve(_ added: Int) {
        if count + added > capacity { grow(to: count + added) }
    }

    /// Counts bytes that have been written at ``end`` into reserved room.
    @inline(__always)
    mutating func commit(_ added: Int) {
        precondition(added >= 0 && count + added <= capacity, "committing more bytes than were reserved")
        count += added
    }

    /// Appends one value, little-endian.
    @inline(__always)
    mutating func append<Value: BitwiseCopyable>(_ value: Value) {
        reserve(MemoryLayout<Value>.size)
        end.storeBytes(of: value, as: Value.self)
        count += MemoryLayout<Value>.size
    }

    /// Appends bytes.
    @inline(__always)
    mutating func append(_ bytes: UnsafeRawBufferPointer) {
        guard let source = bytes.baseAddress, bytes.count > 0 else { return }
        reserve(bytes.count)
        end.copyMemory(from: source, byteCount: bytes.count)
        count += bytes.count
    }

    /// Appends the same byte many times.
    mutating func append(repeating byte: UInt8, count added: Int) {
        reserve(added)
        end.initializeMemory(as: UInt8.self, repeating: byte, count: added)
        count += added
    }

    /// Appends an unsigned variable-length integer (ULEB128).
    mutating func append(varint value: UInt32) {
        var rest = value
        while rest >= 0x80 {
            append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        append(UInt8(rest))
    }

    /// Overwrites a value that has been appended.
    mutating func overwrite<Value: BitwiseCopyable>(_ value: Value, at offset: Int) {
        precondition(offset >= 0 && offset + MemoryLayout<Value>.size <= count, "overwriting past the end")
        (base + offset).storeBytes(of: value, as: Value.self)
    }

    /// Forgets everything, keeping the memory.
    mutating func removeAll() { count = 0 }

    private mutating func grow(to needed: Int) {
        capacity = max(needed, capacity * 2)
        let larger = UnsafeMutableRawPointer.allocate(byteCount: capacity, alignment: Self.alignment)
        larger.copyMemory(from: base, byteCount: count)
        base.deallocate()
        base = larger
    }
}
