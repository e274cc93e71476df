extension Base64 {
    /// The text that stands for bytes.
    public static func encode(_ bytes: RawSpan) -> String {
        bytes.withUnsafeBytes { source in
            String(unsafeUninitializedCapacity: (source.count + 2) / 3 * 4) { target in
                encode(source, to: target)
            }
        }
    }

    /// The text that stands for bytes.
    public static func encode(_ bytes: [UInt8]) -> String { encode(bytes.span.bytes) }

    /// Writes the text and returns its length; the target has room for it.
    private static func encode(
        _ source: UnsafeRawBufferPointer, to target: UnsafeMutableBufferPointer<UInt8>
    ) -> Int {
        var input = 0
        var output = 0
        while input < source.count {
            let count = min(3, source.count - input)
            var group = UInt32(source[input]) << 16
            if count > 1 { group |= UInt32(source[input + 1]) << 8 }
            if count > 2 { group |= UInt32(source[input + 2]) }
            for place in 0..<4 {
                let value = UInt8(truncatingIfNeeded: group >> UInt32(18 - 6 * place)) & 63
                target[output + place] = place <= count ? character(value) : UInt8(ascii: "=")
            }
            input += 3
            output += 4
        }
        return output
    }

    private static func character(_ value: UInt8) -> UInt8 {
        switch value {
        case 0..<26: UInt8(ascii: "A") + value
        case 26..<52: UInt8(ascii: "a") + (value - 26)
        case 52..<62: UInt8(ascii: "0") + (value - 52)
        case 62: UInt8(ascii: "+")
        default: UInt8(ascii: "/")
        }
    }
}
