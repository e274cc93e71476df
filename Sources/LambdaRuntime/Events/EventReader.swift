internal import JSON

/// A JSON reader over one event whose errors are ``EventError``s that name the field. Paths are closures, because they
/// are only built when something is wrong.
struct EventReader: ~Escapable {
    private(set) var json: JSONReader

    /// A reader at the event's start.
    @_lifetime(borrow buffer)
    init(_ buffer: borrowing EventBuffer) throws(EventError) {
        guard buffer.count <= ByteRange.maximumBytes else {
            throw EventError(.malformed, "", "longer than \(ByteRange.maximumBytes) bytes")
        }
        guard buffer.count > 0 else { throw EventError(.malformed, "", "it is empty") }
        json = _overrideLifetime(JSONReader(buffer.bytes), borrowing: buffer)
    }

    /// A reader of a part that has been read before; offsets count from the part's start.
    @_lifetime(borrow buffer)
    init(_ buffer: borrowing EventBuffer, at range: ByteRange) {
        json = _overrideLifetime(JSONReader(buffer.bytes.extracting(range.start..<range.end)), borrowing: buffer)
    }

    // MARK: - Structure

    mutating func beginObject(_ path: @autoclosure () -> String) throws(EventError) {
        try expect(.object, path())
        do { try json.beginObject() } catch { throw EventError(error, path()) }
    }

    mutating func beginArray(_ path: @autoclosure () -> String) throws(EventError) {
        try expect(.array, path())
        do { try json.beginArray() } catch { throw EventError(error, path()) }
    }

    mutating func nextKey(_ path: @autoclosure () -> String) throws(EventError) -> JSONToken? {
        do { return try json.nextKey() } catch { throw EventError(error, path()) }
    }

    mutating func nextElement(_ path: @autoclosure () -> String) throws(EventError) -> Bool {
        do { return try json.nextElement() } catch { throw EventError(error, path()) }
    }

    mutating func skip(_ path: @autoclosure () -> String) throws(EventError) {
        do { try json.skip() } catch { throw EventError(error, path()) }
    }

    /// Moves past a value that was recognised by its bytes.
    mutating func resume(at offset: Int) { json.resume(at: offset) }

    /// Checks that the event is one JSON value.
    mutating func end() throws(EventError) {
        do { try json.end() } catch { throw EventError(error, "") }
    }

    func isKey(_ key: JSONToken, _ name: StaticString) -> Bool { json.equals(key, name) }

    /// The kind of the next value.
    mutating func peek(_ path: @autoclosure () -> String) throws(EventError) -> JSONToken.Kind {
        do { return try json.peek() } catch { throw EventError(error, path()) }
    }

    // MARK: - Values

    /// Where a string lies, perhaps with escapes in it.
    mutating func string(_ path: @autoclosure () -> String) throws(EventError) -> ByteRange {
        try expect(.string, path())
        do {
            let token = try json.next()
            try json.checkUTF8(token)
            return ByteRange(token.start, token.end, hasEscapes: token.hasEscapes)
        } catch { throw EventError(error, path()) }
    }

    /// A string as text.
    mutating func text(_ path: @autoclosure () -> String) throws(EventError) -> String {
        try expect(.string, path())
        do { return try json.string(json.next()) } catch { throw EventError(error, path()) }
    }

    /// Where any value lies, as JSON text.
    mutating func raw(_ path: @autoclosure () -> String) throws(EventError) -> ByteRange {
        do {
            let token = try json.next()
            return token.kind == .string
                ? ByteRange(token.start - 1, token.end + 1) : ByteRange(token.start, token.end)
        } catch { throw EventError(error, path()) }
    }

    /// Any value as a tree.
    mutating func tree(_ path: @autoclosure () -> String) throws(EventError) -> JSONValue {
        do { return try JSONValue(reading: &json) } catch { throw EventError(error, path()) }
    }

    mutating func integer<Value: FixedWidthInteger>(
        _ path: @autoclosure () -> String, as type: Value.Type = Value.self
    ) throws(EventError) -> Value {
        let token = try number(path())
        do { return try json.integer(token) } catch {
            throw EventError(.badValue, path(), error.reason)
        }
    }

    mutating func bool(_ path: @autoclosure () -> String) throws(EventError) -> Bool {
        let kind = try peek(path())
        guard kind == .true || kind == .false else { throw Self.wrongKind(kind, "a boolean", path()) }
        try skip(path())
        return kind == .true
    }

    /// Seconds since the epoch, written as a decimal number, as whole milliseconds (rounded to the nearest).
    mutating func secondsAsMilliseconds(_ path: @autoclosure () -> String) throws(EventError) -> Int64 {
        let token = try number(path())
        if let exact = fixedPoint(token) { return exact }
        do {
            let milliseconds = (try json.double(token) * 1000).rounded()
            guard let whole = Int64(exactly: milliseconds) else {
                throw EventError(.badValue, path(), "a time that does not fit 64 bits of milliseconds")
            }
            return whole
        } catch let error as JSONError {
            throw EventError(.badValue, path(), error.reason)
        } catch let error as EventError {
            throw error
        } catch {
            throw EventError(.badValue, path(), "\(error)")
        }
    }

    /// `1480641523.477` without going through a double; nil for other spellings.
    private func fixedPoint(_ token: JSONToken) -> Int64? {
        guard token.count <= 17 else { return nil }
        var value: Int64 = 0
        var decimals = -1
        for index in token.start..<token.end {
            let byte = json.bytes.unsafeLoad(fromByteOffset: index, as: UInt8.self)
            let digit = byte &- UInt8(ascii: "0")
            if digit <= 9 {
                if decimals >= 0 { decimals += 1 }
                if decimals <= 3 { value = value &* 10 &+ Int64(digit) }
            } else if byte == UInt8(ascii: "."), decimals < 0 {
                decimals = 0
            } else {
                return nil
            }
        }
        guard decimals <= 3 else { return nil }
        for _ in max(decimals, 0)..<3 { value = value &* 10 }
        return value
    }

    private mutating func number(_ path: @autoclosure () -> String) throws(EventError) -> JSONToken {
        try expect(.number, path())
        do { return try json.next() } catch { throw EventError(error, path()) }
    }

    /// Checks the kind of the next value.
    mutating func expect(_ kind: JSONToken.Kind, _ path: @autoclosure () -> String) throws(EventError) {
        let found = try peek(path())
        guard found == kind else {
            // The kind is told by the first byte: "not JSON" is no null.
            try skip(path())
            throw Self.wrongKind(found, Self.name(kind), path())
        }
    }

    // MARK: - Words for errors

    static func wrongKind(_ found: JSONToken.Kind, _ expected: String, _ path: String) -> EventError {
        EventError(.wrongKind, path, "expected \(expected), but it is \(name(found))")
    }

    static func name(_ kind: JSONToken.Kind) -> String {
        switch kind {
        case .object: "an object"
        case .array: "an array"
        case .string: "a string"
        case .number: "a number"
        case .true, .false: "a boolean"
        case .null: "null"
        }
    }

    /// The name of a service as an event gives it, fit for a message: an event of another service is an error worth
    /// naming, but arbitrary text of the event is not.
    static func quotable(_ text: String, else words: String = "another service") -> String {
        let isName =
            !text.isEmpty && text.utf8.count <= 64
            && text.utf8.allSatisfy {
                switch $0 {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: ":"), UInt8(ascii: "-"), UInt8(ascii: "."),
                    UInt8(ascii: "_"):
                    true
                default: false
                }
            }
        return isName ? text : words
    }
}
