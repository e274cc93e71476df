/// The bytes of one event. The loop reads the next event into the same buffer, unless someone still holds a view into
/// this one: then it takes a new buffer, so a view never sees other bytes than those it was made for.
///
/// `@unchecked Sendable`: only the loop, before it shows the buffer to anyone, and the decoding initialisers of events
/// write to it; afterwards it is only read.
public final class EventBuffer: @unchecked Sendable {
    /// Length of the event, in bytes.
    public private(set) var count = 0
    /// Bytes after the event's: strings that had escapes, unescaped by the event's decoder.
    private var tail = 0
    private var base: UnsafeMutableRawPointer
    private var capacity: Int

    /// An empty buffer.
    public init(capacity: Int = 4096) {
        self.capacity = max(capacity, 64)
        base = .allocate(byteCount: self.capacity, alignment: 16)
    }

    /// A buffer with a copy of these bytes.
    public convenience init(_ bytes: [UInt8]) {
        self.init(capacity: bytes.count)
        bytes.withUnsafeBytes { append($0) }
    }

    deinit { base.deallocate() }

    /// The event's bytes.
    public var bytes: RawSpan {
        @_lifetime(borrow self)
        get {
            _overrideLifetime(RawSpan(_unsafeStart: UnsafeRawPointer(base), byteCount: count), borrowing: self)
        }
    }

    /// Calls a closure with the event's bytes, which must not outlive it.
    public func withUnsafeBytes<Result, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try body(UnsafeRawBufferPointer(start: base, count: count))
    }

    // MARK: - Filling

    /// Forgets the event and keeps the memory.
    func removeAll() {
        count = 0
        tail = 0
    }

    /// Makes room for this many more bytes.
    /// - Precondition: lengths were checked against a limit where they were read.
    func reserve(_ added: Int) {
        let needed = count + tail + added
        if needed > capacity { grow(to: needed) }
    }

    /// Appends to the event.
    func append(_ bytes: UnsafeRawBufferPointer) {
        guard let source = bytes.baseAddress, bytes.count > 0 else { return }
        reserve(bytes.count)
        (base + count).copyMemory(from: source, byteCount: bytes.count)
        count += bytes.count
    }

    /// Lets a closure write up to `most` bytes at the event's end and say how many it wrote.
    func append<Failure: Error>(
        upTo most: Int, _ write: (UnsafeMutableRawBufferPointer) throws(Failure) -> Int
    ) throws(Failure) -> Int {
        reserve(most)
        let written = try write(UnsafeMutableRawBufferPointer(start: base + count, count: most))
        precondition(written >= 0 && written <= most, "more bytes were written than there was room for")
        count += written
        return written
    }

    /// Keeps bytes after the event's own and says where. For decoders only.
    func keep(_ bytes: [UInt8]) -> Range<Int> {
        reserve(bytes.count)
        let start = count + tail
        bytes.withUnsafeBytes { source in
            if let address = source.baseAddress { (base + start).copyMemory(from: address, byteCount: source.count) }
        }
        tail += bytes.count
        return start..<start + bytes.count
    }

    /// Doubles while appending; an empty buffer takes just what is asked for, and gives the old memory back first.
    private func grow(to needed: Int) {
        if count + tail == 0 {
            base.deallocate()
            capacity = needed
            base = .allocate(byteCount: capacity, alignment: 16)
            return
        }
        capacity = max(needed, capacity * 2)
        let larger = UnsafeMutableRawPointer.allocate(byteCount: capacity, alignment: 16)
        larger.copyMemory(from: base, byteCount: count + tail)
        base.deallocate()
        base = larger
    }

    // MARK: - Views

    /// The event's bytes and what decoders kept after them.
    @inline(__always)
    var all: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: base, count: count + tail) }
}
