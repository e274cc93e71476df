internal import Glibc

/// Some bytes of an event, where they lie in its buffer. Holding a view keeps the buffer alive, and makes the loop read
/// the next event into another one.
public struct ByteView: Sendable {
    let buffer: EventBuffer
    private let start: Int
    /// Length in bytes.
    public let count: Int

    init(_ buffer: EventBuffer, _ range: ByteRange) {
        self.buffer = buffer
        start = range.start
        count = range.count
    }

    /// A view of a copy of these bytes, in a buffer of its own.
    public init(copying bytes: [UInt8]) {
        self.init(EventBuffer(bytes), ByteRange(0, bytes.count))
    }

    /// Whether there are no bytes.
    public var isEmpty: Bool { count == 0 }

    /// Calls a closure with the bytes, which must not outlive it.
    @inline(__always)
    public func withUnsafeBytes<Result, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try body(UnsafeRawBufferPointer(rebasing: buffer.all[start..<start + count]))
    }

    /// A copy of the bytes.
    public var copy: [UInt8] { withUnsafeBytes { Array($0) } }

    /// The bytes as text; what is not UTF-8 becomes U+FFFD.
    public var string: String { withUnsafeBytes { String(decoding: $0, as: UTF8.self) } }
}

extension ByteView: Equatable {
    /// Whether both hold the same bytes, wherever they lie.
    public static func == (left: ByteView, right: ByteView) -> Bool {
        guard left.count == right.count else { return false }
        return left.withUnsafeBytes { left in
            right.withUnsafeBytes { right in
                guard let leftBase = left.baseAddress, let rightBase = right.baseAddress else { return true }
                return memcmp(leftBase, rightBase, left.count) == 0
            }
        }
    }

    /// Whether the bytes are this text's UTF-8.
    public static func == (left: ByteView, right: String) -> Bool {
        left.withUnsafeBytes { $0.elementsEqual(right.utf8) }
    }
}
