/// A JSON value as a tree, for texts that are small or whose unknown members must survive a rewrite. Members keep
/// their order, and numbers their spelling.
public enum JSONValue: Equatable, Sendable {
    case null
    case bool(Bool)
    /// The number as it was written.
    case number(String)
    case string(String)
    case array([JSONValue])
    /// Members in order. Of two with one name, ``subscript(_:)`` finds the last, as most readers do.
    case object([(name: String, value: JSONValue)])

    /// Parses one text.
    public init(parsing bytes: RawSpan) throws(JSONError) {
        var reader = JSONReader(bytes)
        self = try Self(reading: &reader)
        try reader.end()
    }

    /// Parses one text.
    public init(parsing text: [UInt8]) throws(JSONError) { try self.init(parsing: text.span.bytes) }

    /// Consumes the reader's next value, without recursion, so that a deep text needs no deep stack.
    public init(reading reader: inout JSONReader) throws(JSONError) {
        var open: [OpenContainer] = []
        while true {
            var complete: JSONValue?
            switch try reader.peek() {
            case .object, .array:
                guard open.count < JSONReader.maximumDepth else {
                    throw JSONError(
                        .tooDeep, at: reader.position, "nested deeper than \(JSONReader.maximumDepth) levels")
                }
                open.append(try OpenContainer(&reader))
            case .string: complete = .string(try reader.string(reader.next()))
            case .number: complete = .number(reader.text(try reader.next()))
            case .true, .false: complete = .bool(try reader.next().kind == .true)
            case .null:
                try reader.skip()
                complete = .null
            }
            // A complete value joins its container, which may be the last member of the next, and so on.
            while true {
                if let value = complete {
                    guard !open.isEmpty else {
                        self = value
                        return
                    }
                    open[open.count - 1].append(value)
                }
                if try open[open.count - 1].hasNext(&reader) { break }
                complete = open.removeLast().value
            }
        }
    }

    /// An array or object whose end has not been read.
    private struct OpenContainer {
        private let isObject: Bool
        private var name = ""
        private var members: [(name: String, value: JSONValue)] = []
        private var elements: [JSONValue] = []

        /// Consumes the opening brace or bracket.
        init(_ reader: inout JSONReader) throws(JSONError) {
            isObject = try reader.peek() == .object
            if isObject { try reader.beginObject() } else { try reader.beginArray() }
        }

        /// Moves to the next value, past its key; false after the closing brace or bracket.
        mutating func hasNext(_ reader: inout JSONReader) throws(JSONError) -> Bool {
            guard isObject else { return try reader.nextElement() }
            guard let key = try reader.nextKey() else { return false }
            name = try reader.string(key)
            return true
        }

        mutating func append(_ value: JSONValue) {
            if isObject { members.append((name, value)) } else { elements.append(value) }
        }

        var value: JSONValue { isObject ? .object(members) : .array(elements) }
    }

    /// The last member of this name, if this is an object that has one.
    public subscript(name: String) -> JSONValue? { members?.last { $0.name == name }?.value }

    /// The members, if this is an object.
    public var members: [(name: String, value: JSONValue)]? {
        if case .object(let members) = self { members } else { nil }
    }
    /// The elements, if this is an array.
    public var elements: [JSONValue]? { if case .array(let elements) = self { elements } else { nil } }
    /// The text, if this is a string.
    public var string: String? { if case .string(let text) = self { text } else { nil } }
    /// The truth, if this is one.
    public var bool: Bool? { if case .bool(let truth) = self { truth } else { nil } }
    /// The whole number, if this is one that fits 64 bits.
    public var integer: Int64? { if case .number(let text) = self { Int64(text) } else { nil } }
    /// The number as the nearest double, if this is one that a double can hold.
    public var double: Double? {
        if case .number(let text) = self { Double(text).flatMap { $0.isFinite ? $0 : nil } } else { nil }
    }

    /// What the value is, in words for an error.
    public var kindName: String {
        switch self {
        case .null: "null"
        case .bool: "a boolean"
        case .number: "a number"
        case .string: "a string"
        case .array: "an array"
        case .object: "an object"
        }
    }

    /// A whole number.
    public static func integer(_ value: some FixedWidthInteger) -> JSONValue { .number(String(value)) }

    /// Two objects are equal if they have the same members in the same order.
    public static func == (left: JSONValue, right: JSONValue) -> Bool {
        switch (left, right) {
        case (.null, .null): true
        case (.bool(let left), .bool(let right)): left == right
        case (.number(let left), .number(let right)): left == right
        case (.string(let left), .string(let right)): left == right
        case (.array(let left), .array(let right)): left == right
        case (.object(let left), .object(let right)):
            left.count == right.count && zip(left, right).allSatisfy { $0.name == $1.name && $0.value == $1.value }
        default: false
        }
    }
}

extension JSONReader {
    /// The bytes of any token as text, as written: for numbers and for raw values.
    public func text(_ token: JSONToken) -> String {
        bytes.extracting(token.start..<token.end).withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
    }
}
