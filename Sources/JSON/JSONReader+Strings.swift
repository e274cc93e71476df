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
                let stops = Self.stop(word)
                guard stops == 0 else {
                    // The bytes before the first hit are passed over; those bits of `seen` are all that matters.
                    let clear = stops.trailingZeroBitCount & ~7
                    seen |= word & ((1 as UInt64) << UInt64(clear) &- 1)
                    index += clear >> 3
                    break
                }
                seen |= word
                index += 8
            }
            guard index < count else { throw truncated() }
            let next = byte(index)
            switch next {
            case UInt8(ascii: "\""):
                let isASCII = seen & 0x8080_8080_8080_8080 == 0
                if !isASCII { try checkUTF8(start..<index) }
                position = index + 1
                return JSONToken(.string, start, index, hasEscapes: hasEscapes, isASCII: isASCII)
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
        if !token.hasEscapes, token.kind == .string {
            try checkUTF8(token)
            return text(token)
        }
        guard token.kind == .string else { throw JSONError(.wrongKind, at: token.start, "expected a string") }
        guard token.hasEscapes else { return text(token) }
        return try withUnsafeTemporaryAllocation(of: UInt8.self, capacity: token.count) {
            (units) throws(JSONError) -> String in
            let count = try unescape(token, to: units.baseAddress!)
            return String(decoding: units[..<count], as: UTF8.self)
        }
    }

    /// How many bytes of the word come before the first backslash; 8 if there is none.
    @inline(__always)
    private static func bytesBeforeBackslash(_ word: UInt64) -> Int {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let slash = word ^ (ones &* UInt64(UInt8(ascii: "\\")))
        return ((slash &- ones) & ~slash & (ones &* 0x80)).trailingZeroBitCount >> 3
    }

    /// Writes the UTF-8 of a string, unescaped, and returns its length. The target must have room for the token's
    /// ``JSONToken/count``: no escape is shorter than what it stands for.
    public func unescape(_ token: JSONToken, to target: UnsafeMutablePointer<UInt8>) throws(JSONError) -> Int {
        guard token.kind == .string else { throw JSONError(.wrongKind, at: token.start, "expected a string") }
        var index = token.start
        var count = 0
        while index < token.end {
            if index + 8 <= token.end {
                // Eight bytes at once, of which those before the first backslash count. They fit: the text that is
                // still to come is no longer than the room that is left.
                let word = bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: index, as: UInt64.self)
                UnsafeMutableRawPointer(target).storeBytes(of: word, toByteOffset: count, as: UInt64.self)
                let plain = Self.bytesBeforeBackslash(word)
                index += plain
                count += plain
                if plain > 0 { continue }
            }
            let next = byte(index)
            index += 1
            guard next == UInt8(ascii: "\\") else {
                target[count] = next
                count += 1
                continue
            }
            let letter = byte(index)
            index += 1
            switch letter {
            case UInt8(ascii: "b"): target[count] = 0x08
            case UInt8(ascii: "f"): target[count] = 0x0C
            case UInt8(ascii: "n"): target[count] = 0x0A
            case UInt8(ascii: "r"): target[count] = 0x0D
            case UInt8(ascii: "t"): target[count] = 0x09
            case UInt8(ascii: "u"):
                for unit in UTF8.encode(try scalar(&index)) ?? UTF8.encodedReplacementCharacter {
                    target[count] = unit
                    count += 1
                }
                continue
            default: target[count] = letter
            }
            count += 1
        }
        return count
    }

    /// The UTF-8 of a string, unescaped, a byte at a time.
    public func unescape(_ token: JSONToken, into append: (UInt8) -> Void) throws(JSONError) {
        guard token.kind == .string else { throw JSONError(.wrongKind, at: token.start, "expected a string") }
        try withUnsafeTemporaryAllocation(of: UInt8.self, capacity: token.count) { (units) throws(JSONError) in
            guard let start = units.baseAddress else { return }
            for unit in units[..<(try unescape(token, to: start))] { append(unit) }
        }
    }

    /// The character of a `\u` escape whose digits start at the index, with its low surrogate where it is a high one.
    private func scalar(_ index: inout Int) throws(JSONError) -> Unicode.Scalar {
        var value = try hexUnit(at: index)
        index += 4
        if (0xD800..<0xDC00).contains(value) {
            value = 0x10000 &+ (value &- 0xD800) << 10 &+ (try hexUnit(at: index + 2) &- 0xDC00)
            index += 6
        }
        guard let scalar = Unicode.Scalar(value) else {
            throw JSONError(.badString, at: index - 6, "not a Unicode scalar value")
        }
        return scalar
    }

    /// Checks that a token's bytes are valid UTF-8 (RFC 3629), which is so of every string that the reader hands out.
    public func checkUTF8(_ token: JSONToken) throws(JSONError) {
        if !token.isASCII { try checkUTF8(token.start..<token.end) }
    }

    /// Checks that the bytes between two places are valid UTF-8 (RFC 3629).
    private func checkUTF8(_ range: Range<Int>) throws(JSONError) {
        do {
            _ = try UTF8Span(validating: Span<UInt8>(_bytes: bytes.extracting(range)))
        } catch {
            throw JSONError(
                .badString, at: range.lowerBound + error.byteOffsets.lowerBound, "invalid UTF-8 in a string")
        }
    }
}
