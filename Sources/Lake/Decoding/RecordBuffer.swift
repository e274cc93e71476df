internal import JSON

/// One record's bytes with zeros behind them, so that a scanner may look a few bytes ahead without counting: a zero is
/// allowed nowhere in JSON, and so ends every loop. Reused from record to record.
struct RecordBuffer: ~Copyable {
    /// Zeros behind the record.
    static let padding = 64

    /// The record's first byte.
    private(set) var base: UnsafeMutablePointer<UInt8>
    /// The record's length, without the zeros.
    private(set) var count = 0
    private var capacity: Int

    init(capacity: Int = 4096) {
        self.capacity = capacity + Self.padding
        base = .allocate(capacity: self.capacity)
        base.initialize(repeating: 0, count: self.capacity)
    }

    deinit { base.deallocate() }

    /// Forgets the record and makes room for another of at most this many bytes.
    @inline(__always)
    mutating func prepare(_ needed: Int) {
        if needed + Self.padding > capacity { grow(needed) }
    }

    /// Ends the record that has been written at ``base``.
    @inline(__always)
    mutating func finish(_ length: Int) {
        count = length
        UnsafeMutableRawPointer(base + length).initializeMemory(as: UInt8.self, repeating: 0, count: Self.padding)
    }

    /// Takes the record that this text holds in base64.
    /// - Throws: ``RecordError/Code/badBase64``.
    @inline(__always)
    mutating func fill(base64 text: RawSpan) throws(RecordError) {
        prepare(Base64.maximumCount(text.byteCount))
        let target = base
        do throws(Base64Error) {
            finish(try text.withUnsafeBytes { (bytes) throws(Base64Error) in try Base64.decode(bytes, to: target) })
        } catch {
            throw RecordError(.badBase64, at: error.offset, error.reason)
        }
    }

    /// Forgets the first bytes of the record, at most all.
    mutating func removeFirst(_ dropped: Int) {
        UnsafeMutableRawPointer(base).copyMemory(from: base + dropped, byteCount: count - dropped)
        finish(count - dropped)
    }

    /// The record, without the zeros.
    var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: base, count: count) }

    private mutating func grow(_ needed: Int) {
        base.deallocate()
        capacity = max(needed, capacity &* 2) + Self.padding
        base = .allocate(capacity: capacity)
        count = 0
    }
}
