/// A pull parser over one JSON text (RFC 8259) that stays where it is: it walks objects and arrays, and hands out
/// ``JSONToken``s. It is strict: no comments, trailing commas, `NaN`, raw control bytes or second value.
///
///     var reader = JSONReader(bytes)
///     try reader.beginObject()
///     while let key = try reader.nextKey() {
///         if reader.equals(key, "name") { name = try reader.string(reader.next(.string)) } else { try reader.skip() }
///     }
///     try reader.end()
public struct JSONReader: ~Escapable {
    /// Arrays and objects may nest this deep.
    public static let maximumDepth = 512

    /// The whole text.
    public let bytes: RawSpan
    /// The next byte to read.
    public internal(set) var position: Int
    /// True right after an opening brace or bracket, when no comma is due.
    var isFirst = false

    /// A reader at the start of a text.
    @_lifetime(copy bytes)
    public init(_ bytes: RawSpan) {
        self.bytes = bytes
        self.position = 0
    }

    /// A reader of part of a text; offsets still count from the text's start.
    @_lifetime(copy bytes)
    public init(_ bytes: RawSpan, at token: JSONToken) {
        self.init(bytes, from: token.kind == .string ? token.start - 1 : token.start)
    }

    /// A reader from this byte on, where a value or the white space before it begins.
    @_lifetime(copy bytes)
    public init(_ bytes: RawSpan, from position: Int) {
        precondition(position >= 0 && position <= bytes.byteCount, "a reader that starts outside its text")
        self.bytes = bytes
        self.position = position
    }

    /// The kind of the next value, which is not consumed.
    public mutating func peek() throws(JSONError) -> JSONToken.Kind {
        skipWhitespace()
        guard position < bytes.byteCount else { throw truncated() }
        switch byte(position) {
        case UInt8(ascii: "{"): return .object
        case UInt8(ascii: "["): return .array
        case UInt8(ascii: "\""): return .string
        case UInt8(ascii: "t"): return .true
        case UInt8(ascii: "f"): return .false
        case UInt8(ascii: "n"): return .null
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number
        default: throw JSONError(.unexpectedByte, at: position, "expected a JSON value")
        }
    }

    /// Consumes `{`; then ask for ``nextKey()`` until it is nil.
    public mutating func beginObject() throws(JSONError) {
        guard try peek() == .object else { throw wrongKind("an object") }
        position += 1
        isFirst = true
    }

    /// Consumes `[`; then ask ``nextElement()`` until it is false.
    public mutating func beginArray() throws(JSONError) {
        guard try peek() == .array else { throw wrongKind("an array") }
        position += 1
        isFirst = true
    }

    /// The next key of the object and its colon, or nil after consuming the closing brace.
    public mutating func nextKey() throws(JSONError) -> JSONToken? {
        guard try another(closing: UInt8(ascii: "}")) else { return nil }
        guard position < bytes.byteCount else { throw truncated() }
        guard byte(position) == UInt8(ascii: "\"") else {
            throw JSONError(.unexpectedByte, at: position, "expected a key in double quotes")
        }
        let key = try scanString()
        skipWhitespace()
        guard position < bytes.byteCount else { throw truncated() }
        guard byte(position) == UInt8(ascii: ":") else {
            throw JSONError(.unexpectedByte, at: position, "expected a colon after the key")
        }
        position += 1
        return key
    }

    /// Whether the array has another element, which is next; false after consuming the closing bracket.
    public mutating func nextElement() throws(JSONError) -> Bool {
        try another(closing: UInt8(ascii: "]"))
    }

    /// Consumes the next value whole, whatever it is; arrays and objects are checked through.
    public mutating func next() throws(JSONError) -> JSONToken {
        switch try peek() {
        case .string: return try scanString()
        case .number: return try scanNumber()
        case .true: return try scanLiteral("true", .true)
        case .false: return try scanLiteral("false", .false)
        case .null: return try scanLiteral("null", .null)
        case .object, .array: return try scanContainer()
        }
    }

    /// Consumes the next value, which must be of this kind.
    public mutating func next(_ kind: JSONToken.Kind) throws(JSONError) -> JSONToken {
        guard try peek() == kind else { throw wrongKind("a value of kind \(kind)") }
        return try next()
    }

    /// Consumes the next value, checked but unused.
    public mutating func skip() throws(JSONError) { _ = try next() }

    /// Checks that only white space is left.
    public mutating func end() throws(JSONError) {
        skipWhitespace()
        guard position == bytes.byteCount else {
            throw JSONError(.trailingBytes, at: position, "expected nothing after the value")
        }
    }

    // MARK: - Scanning

    /// Moves to the next member or element, past its comma, or past the closing byte.
    mutating func another(closing: UInt8) throws(JSONError) -> Bool {
        skipWhitespace()
        guard position < bytes.byteCount else { throw truncated() }
        let first = isFirst
        isFirst = false
        if byte(position) == closing {
            position += 1
            return false
        }
        if first { return true }
        guard byte(position) == UInt8(ascii: ",") else {
            throw JSONError(.unexpectedByte, at: position, "expected a comma or a closing bracket")
        }
        position += 1
        skipWhitespace()
        return true
    }

    /// Walks one array or object with a stack of bits instead of recursion.
    private mutating func scanContainer() throws(JSONError) -> JSONToken {
        let start = position
        let kind: JSONToken.Kind = byte(start) == UInt8(ascii: "{") ? .object : .array
        var isObject = InlineArray<512, Bool>(repeating: false)
        var depth = 0
        isObject[0] = kind == .object
        position += 1
        isFirst = true
        while true {
            let more: Bool
            if isObject[depth] {
                more = try nextKey() != nil
            } else {
                more = try nextElement()
            }
            if !more {
                if depth == 0 { return JSONToken(kind, start, position) }
                depth -= 1
                continue
            }
            switch try peek() {
            case .object, .array:
                depth += 1
                guard depth < Self.maximumDepth else {
                    throw JSONError(.tooDeep, at: position, "nested deeper than \(Self.maximumDepth) levels")
                }
                isObject[depth] = byte(position) == UInt8(ascii: "{")
                position += 1
                isFirst = true
            default: _ = try next()
            }
        }
    }

    private mutating func scanLiteral(_ text: StaticString, _ kind: JSONToken.Kind) throws(JSONError) -> JSONToken {
        let start = position
        guard start + text.utf8CodeUnitCount <= bytes.byteCount else { throw truncated() }
        for index in 0..<text.utf8CodeUnitCount where byte(start + index) != text.utf8Start[index] {
            throw JSONError(.unexpectedByte, at: start + index, "expected \(text)")
        }
        position += text.utf8CodeUnitCount
        return JSONToken(kind, start, position)
    }

    private mutating func scanNumber() throws(JSONError) -> JSONToken {
        let start = position
        if byte(position) == UInt8(ascii: "-") { position += 1 }
        let integerStart = position
        let digits = skipDigits()
        guard digits > 0 else { throw JSONError(.badNumber, at: position, "expected a digit") }
        guard digits == 1 || byte(integerStart) != UInt8(ascii: "0") else {
            throw JSONError(.badNumber, at: integerStart, "a number must not start with a zero")
        }
        if position < bytes.byteCount, byte(position) == UInt8(ascii: ".") {
            position += 1
            guard skipDigits() > 0 else { throw JSONError(.badNumber, at: position, "expected a digit") }
        }
        if position < bytes.byteCount, byte(position) | 0x20 == UInt8(ascii: "e") {
            position += 1
            if position < bytes.byteCount, byte(position) == UInt8(ascii: "+") || byte(position) == UInt8(ascii: "-") {
                position += 1
            }
            guard skipDigits() > 0 else { throw JSONError(.badNumber, at: position, "expected a digit") }
        }
        return JSONToken(.number, start, position)
    }

    private mutating func skipDigits() -> Int {
        let start = position
        while position < bytes.byteCount, byte(position) &- UInt8(ascii: "0") <= 9 { position += 1 }
        return position - start
    }

    mutating func skipWhitespace() {
        while position < bytes.byteCount {
            switch byte(position) {
            case 0x20, 0x0A, 0x0D, 0x09: position += 1
            default: return
            }
        }
    }

    func byte(_ index: Int) -> UInt8 { bytes.unsafeLoad(fromUncheckedByteOffset: index, as: UInt8.self) }

    func truncated() -> JSONError { JSONError(.truncated, at: bytes.byteCount, "the text ends inside a value") }

    func wrongKind(_ expected: String) -> JSONError {
        JSONError(.wrongKind, at: position, "expected \(expected)")
    }
}
