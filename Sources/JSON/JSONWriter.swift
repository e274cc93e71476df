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

    /// Makes room for so many bytes in all, where the text's length is known.
    public mutating func reserveCapacity(_ count: Int) { bytes.reserveCapacity(count) }

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
    public mutating func member(_ name: String, _ value: String) {
        self.name(name)
        string(value)
    }

    /// A whole-number member.
    @inlinable
    public mutating func member(_ name: String, _ value: some FixedWidthInteger) {
        self.name(name)
        integer(value)
    }

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
    @inlinable
    public mutating func integer(_ value: some FixedWidthInteger) {
        if let value = Int64(exactly: value) { whole(value) } else { raw(String(value)) }
    }

    @usableFromInline
    mutating func whole(_ value: Int64) {
        separate()
        if value < 0 { bytes.append(UInt8(ascii: "-")) }
        var digits = InlineArray<20, UInt8>(repeating: 0)
        var start = digits.count
        var rest = value.magnitude
        repeat {
            start -= 1
            digits[start] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        } while rest > 0
        for index in start..<digits.count { bytes.append(digits[index]) }
    }
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

    /// A string in quotes: `"`, `\` and everything below 0x20 are escaped, and nothing else. What lies between two
    /// escapes is copied at once.
    private mutating func escape(_ text: String) {
        var text = text
        text.withUTF8 { units in
            bytes.append(UInt8(ascii: "\""))
            var start = 0
            while true {
                let end = Self.endOfPlain(units, from: start)
                bytes.append(contentsOf: UnsafeBufferPointer(rebasing: units[start..<end]))
                guard end < units.count else { break }
                escape(units[end])
                start = end + 1
            }
            bytes.append(UInt8(ascii: "\""))
        }
    }

    /// The first place from here on whose byte is escaped, or the end; eight bytes at a time while none is.
    private static func endOfPlain(_ units: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let raw = UnsafeRawBufferPointer(units)
        var index = start
        while index + 8 <= units.count {
            let word = UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: index, as: UInt64.self))
            let quote = word ^ (ones &* UInt64(UInt8(ascii: "\"")))
            let slash = word ^ (ones &* UInt64(UInt8(ascii: "\\")))
            // High bits are set from the first byte that is escaped on; those above it may be wrong.
            let stops =
                ((quote &- ones) & ~quote | (slash &- ones) & ~slash | (word &- ones &* 0x20) & ~word) & (ones &* 0x80)
            guard stops == 0 else { return index + stops.trailingZeroBitCount >> 3 }
            index += 8
        }
        while index < units.count {
            let unit = units[index]
            if unit < 0x20 || unit == UInt8(ascii: "\"") || unit == UInt8(ascii: "\\") { return index }
            index += 1
        }
        return index
    }

    private mutating func escape(_ unit: UInt8) {
        bytes.append(UInt8(ascii: "\\"))
        switch unit {
        case 0x0A: bytes.append(UInt8(ascii: "n"))
        case 0x0D: bytes.append(UInt8(ascii: "r"))
        case 0x09: bytes.append(UInt8(ascii: "t"))
        case 0..<0x20:
            bytes.append(contentsOf: "u00".utf8)
            bytes.append(UInt8(ascii: "0") + unit >> 4)
            bytes.append(unit & 15 < 10 ? UInt8(ascii: "0") + unit & 15 : UInt8(ascii: "a") + unit & 15 - 10)
        default: bytes.append(unit)
        }
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
