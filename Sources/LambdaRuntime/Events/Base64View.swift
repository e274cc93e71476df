internal import JSON

/// Base64 text of an event (RFC 4648, section 4), where it lies in its buffer: not decoded, and not checked, until asked.
public struct Base64View: Equatable, Sendable {
    /// The text as it stands in the buffer.
    public let encoded: ByteView

    init(_ buffer: EventBuffer, _ range: ByteRange) { self.init(ByteView(buffer, range)) }

    init(_ encoded: ByteView) { self.encoded = encoded }

    /// A view of a copy of this base64 text.
    public init(copying text: String) { encoded = ByteView(copying: Array(text.utf8)) }

    /// The bytes that the text stands for.
    /// - Throws: ``EventError`` with code ``EventError/Code/badValue`` if a character is not of the alphabet, the
    ///   length is not a multiple of four, or the padding is wrong.
    public func decoded() throws(EventError) -> [UInt8] {
        try encoded.withUnsafeBytes { text throws(EventError) in
            var bytes: [UInt8] = []
            do throws(Base64Error) {
                try Base64.decode(text.bytes, into: &bytes)
            } catch {
                throw EventError(.badValue, "base64", "\(error.reason), at position \(error.offset)")
            }
            return bytes
        }
    }
}
