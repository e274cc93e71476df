/// Base64 as RFC 4648, section 4, writes it: the standard alphabet, padded, without line breaks.
public enum Base64 {
    /// Appends the bytes that a text stands for.
    /// - Throws: ``RecordError/Code/badBase64`` with the offset in the text; nothing is appended then.
    public static func decode(_ text: RawSpan, into bytes: inout [UInt8]) throws(RecordError) {
        let start = bytes.count
        let room = maximumCount(text.byteCount)
        bytes.append(contentsOf: repeatElement(0, count: room))
        do throws(RecordError) {
            bytes.removeLast(room - (try decode(text, behind: start, of: &bytes)))
        } catch {
            bytes.removeLast(room)
            throw error
        }
    }

    private static func decode(
        _ text: RawSpan, behind start: Int, of bytes: inout [UInt8]
    ) throws(RecordError) -> Int {
        var span = bytes.mutableSpan
        return try span.withUnsafeMutableBufferPointer { (target) throws(RecordError) -> Int in
            guard let base = target.baseAddress else { return 0 }
            return try text.withUnsafeBytes { (source) throws(RecordError) -> Int in
                try decode(source, to: base + start)
            }
        }
    }

    /// Bytes that the target of ``decode(_:to:)`` must have room for: it may write up to four past what it returns.
    static func maximumCount(_ textCount: Int) -> Int { textCount / 4 * 3 + 8 }

    /// Writes the bytes that a text stands for, and returns how many they are.
    static func decode(
        _ text: UnsafeRawBufferPointer, to target: UnsafeMutablePointer<UInt8>
    ) throws(RecordError) -> Int {
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
    ) throws(RecordError) -> Int {
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
            throw RecordError(.badBase64, at: text.count - 1 - padding, "base64 with bits set behind its last byte")
        }
        for index in 0..<3 - padding {
            target[output + index] = UInt8(truncatingIfNeeded: group >> UInt32(16 - 8 * index))
        }
        return output + 3 - padding
    }

    /// The error, at the first byte that is to blame, or at the end of a text that breaks off.
    private static func fault(_ text: UnsafeRawBufferPointer, _ reason: String) -> RecordError {
        let bad = text.indices.first { !Base64Table.isOfAlphabet(text[$0]) && !isPadding(text, $0) }
        guard let bad else { return RecordError(.badBase64, at: text.count, reason) }
        return RecordError(.badBase64, at: bad, "a byte that is not of the base64 alphabet")
    }

    private static func isPadding(_ text: UnsafeRawBufferPointer, _ index: Int) -> Bool {
        index >= text.count - 2 && text[index...].allSatisfy { $0 == UInt8(ascii: "=") }
    }
}
