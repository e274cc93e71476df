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
        areEqual(
            left.buffer, ByteRange(left.start, left.start + left.count),
            right.buffer, ByteRange(right.start, right.start + right.count))
    }

    /// Whether two ranges hold the same bytes.
    @inline(__always)
    static func areEqual(_ left: EventBuffer, _ leftRange: ByteRange, _ right: EventBuffer, _ rightRange: ByteRange)
        -> Bool
    {
        guard leftRange.count == rightRange.count else { return false }
        guard let leftBase = left.all.baseAddress, let rightBase = right.all.baseAddress else { return true }
        let (leftStart, rightStart) = (leftBase + leftRange.start, rightBase + rightRange.start)
        return leftStart == rightStart || memcmp(leftStart, rightStart, leftRange.count) == 0
    }

    /// Whether the bytes are this text's UTF-8.
    public static func == (left: ByteView, right: String) -> Bool {
        left.withUnsafeBytes { $0.elementsEqual(right.utf8) }
    }
}

extension ByteView {
    /// Whether these decimal digits are a smaller number than those: by length without leading zeros, then by bytes.
    public func precedesAsDecimal(_ other: ByteView) -> Bool {
        withUnsafeBytes { digits in other.withUnsafeBytes { Self.decimal(digits, precedes: $0) } }
    }

    /// Whether one number in decimal digits is smaller than another.
    @inline(__always)
    static func decimal(_ left: UnsafeRawBufferPointer, precedes right: UnsafeRawBufferPointer) -> Bool {
        let (leftZeros, rightZeros) = (leadingZeros(left), leadingZeros(right))
        let (leftCount, rightCount) = (left.count - leftZeros, right.count - rightZeros)
        guard leftCount == rightCount else { return leftCount < rightCount }
        guard leftCount > 0, let left = left.baseAddress, let right = right.baseAddress else { return false }
        return memcmp(left + leftZeros, right + rightZeros, leftCount) < 0
    }

    @inline(__always)
    private static func leadingZeros(_ digits: UnsafeRawBufferPointer) -> Int {
        var count = 0
        while count < digits.count, digits[count] == UInt8(ascii: "0") { count += 1 }
        return count
    }
}
