extension JSONReader {
    /// Consumes a string from its opening quote on. Eight bytes at a time are passed over while none of them is a
    /// quote, a backslash or a control byte.
    mutating func scanString() throws(JSONError) -> JSONToken {
        let start = position + 1
        var index = start
        var hasEscapes = false
        var seen: UInt64 = 0
        let count = bytes.byteCount
        while true {
            while index + 8 <= count {
                let word = bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: index, as: UInt64.self)
                guard Self.stop(word) == 0 else { break }
                seen |= word
                index += 8
            }
            guard index < count else { throw truncated() }
            let next = byte(index)
            switch next {
            case UInt8(ascii: "\""):
                position = index + 1
                return JSONToken(
                    .string, start, index, hasEscapes: hasEscapes, isASCII: seen & 0x8080_8080_8080_8080 == 0)
            case UInt8(ascii: "\\"):
                hasEscapes = true
                index += 1
                guard index < count else { throw truncated() }
                try checkEscape(&index)
            case 0..<0x20: throw JSONError(.badString, at: index, "a control byte must be escaped in a string")
            default:
                seen |= UInt64(next)
                index += 1
            }
        }
    }

    /// High bits set where a byte of the word is a quote, a backslash or below 0x20 (and perhaps above such a byte).
    @inline(__always)
    private static func stop(_ word: UInt64) -> UInt64 {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let high: UInt64 = 0x8080_8080_8080_8080
        let quote = word ^ (ones &* UInt64(UInt8(ascii: "\"")))
        let slash = word ^ (ones &* UInt64(UInt8(ascii: "\\")))
        let isQuote = (quote &- ones) & ~quote
        let isSlash = (slash &- ones) & ~slash
        let isControl = (word &- ones &* 0x20) & ~word
        return (isQuote | isSlash | isControl) & high
    }

    /// Checks the escape whose letter is at `index`, and moves past it.
    private func checkEscape(_ index: inout Int) throws(JSONError) {
        switch byte(index) {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
            UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            index += 1
        case UInt8(ascii: "u"):
            let unit = try hexUnit(at: index + 1)
            index += 5
            switch unit {
            case 0xD800..<0xDC00:
                guard index + 1 < bytes.byteCount, byte(index) == UInt8(ascii: "\\"),
                    byte(index + 1) == UInt8(ascii: "u"), (0xDC00..<0xE000).contains(try hexUnit(at: index + 2))
                else { throw JSONError(.badString, at: index - 6, "a high surrogate without its low surrogate") }
                index += 6
            case 0xDC00..<0xE000:
                throw JSONError(.badString, at: index - 6, "a low surrogate without its high surrogate")
            default: break
            }
        default: throw JSONError(.badString, at: index, "unknown escape in a string")
        }
    }

    private func hexUnit(at index: Int) throws(JSONError) -> UInt32 {
        guard index + 4 <= bytes.byteCount else { throw truncated() }
        var unit: UInt32 = 0
        for offset in 0..<4 {
            let digit: UInt8
            switch byte(index + offset) {
            case let letter where letter &- UInt8(ascii: "0") <= 9: digit = letter &- UInt8(ascii: "0")
            case let letter where (letter | 0x20) &- UInt8(ascii: "a") <= 5: digit = (letter | 0x20) &- 87
            default: throw JSONError(.badString, at: index + offset, "expected a hexadecimal digit")
            }
            unit = unit << 4 | UInt32(digit)
        }
        return unit
    }

    /// Whether a string, unescaped, is exactly this text.
    public func equals(_ token: JSONToken, _ text: StaticString) -> Bool {
        if token.hasEscapes { return (try? string(token)) == text.description }
        guard token.count == text.utf8CodeUnitCount else { return false }
        for index in 0..<token.count where byte(token.start + index) != text.utf8Start[index] { return false }
        return true
    }

    /// The text of a string, unescaped.
    public func string(_ token: JSONToken) throws(JSONError) -> String {
        var units: [UInt8] = []
        units.reserveCapacity(token.count)
        try unescape(token) { units.append($0) }
        return String(decoding: units, as: UTF8.self)
    }

    /// The UTF-8 of a string, unescaped, a byte at a time.
    /// - Throws: ``JSONError/Code/badString`` if the string is not valid UTF-8, before `append` is called.
    public func unescape(_ token: JSONToken, into append: (UInt8) -> Void) throws(JSONError) {
        guard token.kind == .string else { throw JSONError(.wrongKind, at: token.start, "expected a string") }
        try checkUTF8(token)
        var index = token.start
        while index < token.end {
            let next = byte(index)
            index += 1
            guard next == UInt8(ascii: "\\") else {
                append(next)
                continue
            }
            let letter = byte(index)
            index += 1
            switch letter {
            case UInt8(ascii: "b"): append(0x08)
            case UInt8(ascii: "f"): append(0x0C)
            case UInt8(ascii: "n"): append(0x0A)
            case UInt8(ascii: "r"): append(0x0D)
            case UInt8(ascii: "t"): append(0x09)
            case UInt8(ascii: "u"):
                var scalar = try hexUnit(at: index)
                index += 4
                if (0xD800..<0xDC00).contains(scalar) {
                    scalar = 0x10000 + (scalar - 0xD800) << 10 + (try hexUnit(at: index + 2) - 0xDC00)
                    index += 6
                }
                guard let scalar = Unicode.Scalar(scalar), let encoded = UTF8.encode(scalar) else {
                    throw JSONError(.badString, at: index, "not a Unicode scalar value")
                }
                for unit in encoded { append(unit) }
            default: append(letter)
            }
        }
    }

    /// Checks that a string's bytes are valid UTF-8 (RFC 3629).
    public func checkUTF8(_ token: JSONToken) throws(JSONError) {
        guard !token.isASCII else { return }
        let text = bytes.extracting(token.start..<token.end)
        do {
            _ = try UTF8Span(validating: Span<UInt8>(_bytes: text))
        } catch {
            throw JSONError(.badString, at: token.start + error.byteOffsets.lowerBound, "invalid UTF-8 in a string")
        }
    }
}
