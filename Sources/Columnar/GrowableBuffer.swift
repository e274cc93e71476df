/// Bytes that grow at the end: one allocation, doubled when full, freed with its owner. Memory past ``count`` is
/// uninitialised.
@usableFromInline
struct GrowableBuffer: ~Copyable {
    /// The memory; its alignment suits every fixed-width type and vector loads.
    @usableFromInline var base: UnsafeMutableRawPointer
    /// Bytes in use.
    @usableFromInline var count = 0
    @usableFromInline var capacity: Int

    private static let alignment = 64

    init(capacity: Int = 256) {
        self.capacity = max(capacity, Self.alignment)
        base = .allocate(byteCount: self.capacity, alignment: Self.alignment)
    }

    @inlinable
    deinit { base.deallocate() }

    /// Appends one value in the machine's order, which is little-endian everywhere Swift runs.
    @inlinable @inline(__always)
    mutating func append<Value: BitwiseCopyable>(_ value: Value) {
        reserve(MemoryLayout<Value>.size)
        (base + count).storeBytes(of: value, as: Value.self)
        count += MemoryLayout<Value>.size
    }

    /// Appends bytes.
    @inlinable @inline(__always)
    mutating func append(_ bytes: UnsafeRawBufferPointer) {
        guard let source = bytes.baseAddress, bytes.count > 0 else { return }
        reserve(bytes.count)
        (base + count).copyMemory(from: source, byteCount: bytes.count)
        count += bytes.count
    }

    /// Appends the same byte many times.
    mutating func append(repeating byte: UInt8, count added: Int) {
        reserve(added)
        (base + count).initializeMemory(as: UInt8.self, repeating: byte, count: added)
        count += added
    }

    /// Makes room for more bytes.
    @inlinable @inline(__always)
    mutating func reserve(_ added: Int) {
        if count + added > capacity { grow(to: count + added) }
    }

    /// Forgets what lies past a length.
    mutating func truncate(to length: Int) {
        precondition(length >= 0 && length <= count, "truncating a buffer to more than it holds")
        count = length
    }

    @usableFromInline
    mutating func grow(to needed: Int) {
        capacity = max(needed, capacity * 2)
        let larger = UnsafeMutableRawPointer.allocate(byteCount: capacity, alignment: Self.alignment)
        larger.copyMemory(from: base, byteCount: count)
        base.deallocate()
        base = larger
    }
}
