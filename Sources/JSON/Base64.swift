/// Base64 as RFC 4648, section 4, writes it: the standard alphabet, padded, without line breaks.
public enum Base64 {
    /// Appends the bytes that a text stands for.
    /// - Throws: ``Base64Error``; nothing is appended then.
    public static func decode(_ text: RawSpan, into bytes: inout [UInt8]) throws(Base64Error) {
        let start = bytes.count
        let room = maximumCount(text.byteCount)
        bytes.append(contentsOf: repeatElement(0, count: room))
        do throws(Base64Error) {
            bytes.removeLast(room - (try decode(text, behind: start, of: &bytes)))
        } catch {
            bytes.removeLast(room)
            throw error
        }
    }

    private static func decode(
        _ text: RawSpan, behind start: Int, of bytes: inout [UInt8]
    ) throws(Base64Error) -> Int {
        var span = bytes.mutableSpan
        return try span.withUnsafeMutableBufferPointer { (target) throws(Base64Error) -> Int in
            guard let base = target.baseAddress else { return 0 }
            return try text.withUnsafeBytes { (source) throws(Base64Error) -> Int in
                try decode(source, to: base + start)
            }
        }
    }

    /// Bytes that the target of ``decode(_:to:)`` must have room for: it may write up to four past what it returns.
    package static func maximumCount(_ textCount: Int) -> Int { textCount / 4 * 3 + 8 }

    /// Writes the bytes that a text stands for, and returns how many they are.
    package static func decode(
        _ text: UnsafeRawBufferPointer, to target: UnsafeMutablePointer<UInt8>
    ) throws(Base64Error) -> Int {
        guard text.count > 0, let source = text.baseAddress?.assumingMemoryBound(to: UInt8.self) else { return 0 }
        guard text.count & 3 == 0 else {
            throw fault(text, "the length of base64 must be a multiple of four")
        }
        let table = Base64Table.shared
        // The last four characters may hold padding; all before them must be of the alphabet.
        let body = text.count - 4
        var input = 0
        var output = 0
        var bad: UInt32 = 0
        while input + 8 <= body {
            let word = UnsafeRawPointer(source + input).loadUnaligned(as: UInt64.self)
            let high = table.group(UInt32(truncatingIfNeeded: word))
            let low = table.group(UInt32(truncatingIfNeeded: word >> 32))
            bad |= high | low
            let both = (UInt64(high) << 40 | UInt64(low & 0xFF_FFFF) << 16).bigEndian
            UnsafeMutableRawPointer(target + output).storeBytes(of: both, as: UInt64.self)
            input += 8
            output += 6
        }
        while input < body {
            let group = table.group(UnsafeRawPointer(source + input).loadUnaligned(as: UInt32.self))
            bad |= group
            UnsafeMutableRawPointer(target + output).storeBytes(of: (group << 8).bigEndian, as: UInt32.self)
            input += 4
            output += 3
        }
        guard bad & Base64Table.badBit == 0 else { throw fault(text, "a byte that is not of the base64 alphabet") }
        return try finish(text, source + body, target, output)
    }

    /// The last four characters, of which the last or the last two may be `=`; bits that no byte takes must be zero.
    private static func finish(
        _ text: UnsafeRawBufferPointer, _ source: UnsafePointer<UInt8>, _ target: UnsafeMutablePointer<UInt8>,
        _ output: Int
    ) throws(Base64Error) -> Int {
        let pad = UInt8(ascii: "=")
        let zero = UInt8(ascii: "A")
        let padding = source[3] != pad ? 0 : source[2] != pad ? 1 : 2
        let last = InlineArray<4, UInt8> {
            $0 >= 4 - padding ? zero : source[$0]
        }
        var word: UInt32 = 0
        for index in 0..<4 { word |= UInt32(last[index]) << UInt32(index * 8) }
        let group = Base64Table.shared.group(word)
        guard group & Base64Table.badBit == 0 else { throw fault(text, "a byte that is not of the base64 alphabet") }
        guard group & (UInt32(1) << UInt32(padding * 8) - 1) == 0 else {
            throw Base64Error(at: text.count - 1 - padding, "base64 with bits set behind its last byte")
        }
        for index in 0..<3 - padding {
            target[output + index] = UInt8(truncatingIfNeeded: group >> UInt32(16 - 8 * index))
        }
        return output + 3 - padding
    }

    /// The error, at the first byte that is to blame, or at the end of a text that breaks off.
    private static func fault(_ text: UnsafeRawBufferPointer, _ reason: String) -> Base64Error {
        let bad = text.indices.first { !Base64Table.isOfAlphabet(text[$0]) && !isPadding(text, $0) }
        guard let bad else { return Base64Error(at: text.count, reason) }
        return Base64Error(at: bad, "a byte that is not of the base64 alphabet")
    }

    private static func isPadding(_ text: UnsafeRawBufferPointer, _ index: Int) -> Bool {
        index >= text.count - 2 && text[index...].allSatisfy { $0 == UInt8(ascii: "=") }
    }
}

/// Why a text is not base64.
public struct Base64Error: Error, Equatable, Sendable {
    /// Where in the text, in bytes from its start.
    public let offset: Int
    /// What is wrong, in words that hold nothing of the text itself.
    public let reason: String

    init(at offset: Int, _ reason: String) {
        self.offset = offset
        self.reason = reason
    }
}
