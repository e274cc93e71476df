/// Writes JSON text into a byte array: compact by default, or indented for people.
///
///     var writer = JSONWriter()
///     writer.object { writer in
///         writer.member("rows", 3)
///         writer.member("tables") { writer in writer.array { writer in writer.string("a") } }
///     }
public struct JSONWriter: Sendable {
    /// What has been written so far.
    public private(set) var bytes: [UInt8] = []
    private let indentation: Int?
    private var depth = 0
    private var isFirst = true
    /// True between a name and its value, where neither comma nor line break is due.
    private var isAfterName = false

    /// - Parameter indentation: spaces a level, or nil for one line without spaces.
    public init(indentation: Int? = nil) { self.indentation = indentation }

    /// Starts again with an empty text, keeping the memory.
    public mutating func removeAll() {
        bytes.removeAll(keepingCapacity: true)
        depth = 0
        isFirst = true
        isAfterName = false
    }

    /// What has been written, as a string.
    public var text: String { String(decoding: bytes, as: UTF8.self) }

    /// Writes `{…}` around members.
    public mutating func object<Failure: Error>(_ members: (inout JSONWriter) throws(Failure) -> Void) throws(Failure) {
        try container("{", "}", members)
    }

    /// Writes `[…]` around elements. Call ``element(_:)`` or the scalar writers in it; commas come by themselves.
    public mutating func array<Failure: Error>(_ elements: (inout JSONWriter) throws(Failure) -> Void) throws(Failure) {
        try container("[", "]", elements)
    }

    /// Writes a name and leaves the writer to write its value.
    public mutating func name(_ name: String) {
        separate()
        escape(name)
        bytes.append(UInt8(ascii: ":"))
        if indentation != nil { bytes.append(UInt8(ascii: " ")) }
        isAfterName = true
    }

    /// A member whose value is written by a closure, with exactly one call of a writing function.
    public mutating func member<Failure: Error>(
        _ name: String, _ value: (inout JSONWriter) throws(Failure) -> Void
    ) throws(Failure) {
        self.name(name)
        try value(&self)
    }

    /// A string member.
    public mutating func member(_ name: String, _ value: String) { member(name) { $0.string(value) } }
    /// A whole-number member.
    public mutating func member(_ name: String, _ value: some FixedWidthInteger) { member(name) { $0.integer(value) } }
    /// A number member; null where the value is not finite.
    public mutating func member(_ name: String, _ value: Double) { member(name) { $0.double(value) } }
    /// A boolean member.
    public mutating func member(_ name: String, _ value: Bool) { member(name) { $0.bool(value) } }
    /// A member with a tree.
    public mutating func member(_ name: String, _ value: JSONValue) { member(name) { $0.value(value) } }

    /// A string.
    public mutating func string(_ value: String) {
        separate()
        escape(value)
    }

    /// A whole number.
    public mutating func integer(_ value: some FixedWidthInteger) { raw(String(value)) }
    /// The shortest text that reads back as this double; JSON has no NaN or infinity, so those become null.
    public mutating func double(_ value: Double) { raw(value.isFinite ? value.description : "null") }
    /// A boolean.
    public mutating func bool(_ value: Bool) { raw(value ? "true" : "false") }
    /// Null.
    public mutating func null() { raw("null") }

    /// JSON text that is known to be valid, as it is.
    public mutating func raw(_ text: String) {
        separate()
        bytes.append(contentsOf: text.utf8)
    }

    /// JSON bytes that are known to be valid, as they are.
    public mutating func raw(_ text: [UInt8]) {
        separate()
        bytes.append(contentsOf: text)
    }

    /// A tree, written without recursion, so that a deep one needs no deep stack.
    public mutating func value(_ value: JSONValue) {
        var open = write(value) ? [(value, 0)] : []
        while let (container, index) = open.popLast() {
            let next: JSONValue
            switch container {
            case .array(let elements) where index < elements.count: next = elements[index]
            case .object(let members) where index < members.count:
                name(members[index].name)
                next = members[index].value
            default:
                end(container.members == nil ? "]" : "}")
                continue
            }
            open.append((container, index + 1))
            if write(next) { open.append((next, 0)) }
        }
    }

    /// Writes a scalar, or the start of a container, and says whether it was the latter.
    private mutating func write(_ value: JSONValue) -> Bool {
        switch value {
        case .null: null()
        case .bool(let truth): bool(truth)
        case .number(let text): raw(text)
        case .string(let text): string(text)
        case .array:
            begin("[")
            return true
        case .object:
            begin("{")
            return true
        }
        return false
    }

    // MARK: - Layout

    private mutating func container<Failure: Error>(
        _ open: Unicode.Scalar, _ close: Unicode.Scalar, _ body: (inout JSONWriter) throws(Failure) -> Void
    ) throws(Failure) {
        begin(open)
        try body(&self)
        end(close)
    }

    private mutating func begin(_ open: Unicode.Scalar) {
        separate()
        bytes.append(UInt8(ascii: open))
        depth += 1
        isFirst = true
    }

    private mutating func end(_ close: Unicode.Scalar) {
        depth -= 1
        if !isFirst { newline() }
        bytes.append(UInt8(ascii: close))
        isFirst = false
    }

    /// A comma where one is due, and the line break of indented text.
    private mutating func separate() {
        if !isAfterName {
            if !isFirst { bytes.append(UInt8(ascii: ",")) }
            if depth > 0 { newline() }
        }
        isFirst = false
        isAfterName = false
    }

    private mutating func newline() {
        guard let indentation else { return }
        bytes.append(UInt8(ascii: "\n"))
        bytes.append(contentsOf: repeatElement(UInt8(ascii: " "), count: depth * indentation))
    }

    /// Writes a string at once if nothing in it is escaped; false, with nothing written, otherwise.
    private mutating func appendPlain(_ text: String) -> Bool {
        var text = text
        return text.withUTF8 { units in
            for unit in units where unit < 0x20 || unit == UInt8(ascii: "\"") || unit == UInt8(ascii: "\\") {
                return false
            }
            bytes.append(UInt8(ascii: "\""))
            bytes.append(contentsOf: units)
            bytes.append(UInt8(ascii: "\""))
            return true
        }
    }

    /// A string in quotes: `"`, `\` and everything below 0x20 are escaped, and nothing else.
    private mutating func escape(_ text: String) {
        if appendPlain(text) { return }
        bytes.append(UInt8(ascii: "\""))
        for unit in text.utf8 {
            switch unit {
            case UInt8(ascii: "\""): bytes.append(contentsOf: "\\\"".utf8)
            case UInt8(ascii: "\\"): bytes.append(contentsOf: "\\\\".utf8)
            case 0x0A: bytes.append(contentsOf: "\\n".utf8)
            case 0x0D: bytes.append(contentsOf: "\\r".utf8)
            case 0x09: bytes.append(contentsOf: "\\t".utf8)
            case 0..<0x20:
                bytes.append(contentsOf: "\\u00".utf8)
                bytes.append(UInt8(ascii: "0") + unit >> 4)
                bytes.append(unit & 15 < 10 ? UInt8(ascii: "0") + unit & 15 : UInt8(ascii: "a") + unit & 15 - 10)
            default: bytes.append(unit)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }
}

extension JSONValue {
    /// The value as JSON text.
    public func serialized(indentation: Int? = nil) -> [UInt8] {
        var writer = JSONWriter(indentation: indentation)
        writer.value(self)
        return writer.bytes
    }
}
