internal import JSON

/// Reading metadata files: every fault names the member it was found in.
extension JSONReader {
    /// Runs a step of reading, and gives its fault a place.
    mutating func member<Value>(
        _ name: String, _ read: (inout JSONReader) throws(JSONError) -> Value
    ) throws(IcebergError) -> Value {
        do {
            return try read(&self)
        } catch {
            throw IcebergError(.malformed, error.description, at: name)
        }
    }

    mutating func whole<Value: FixedWidthInteger>(
        _ name: String, as type: Value.Type = Value.self
    ) throws(IcebergError) -> Value {
        try member(name) { reader throws(JSONError) in try reader.integer(reader.next()) }
    }

    mutating func text(_ name: String) throws(IcebergError) -> String {
        try member(name) { reader throws(JSONError) in try reader.string(reader.next(.string)) }
    }

    mutating func truth(_ name: String) throws(IcebergError) -> Bool {
        let kind = try member(name) { reader throws(JSONError) in try reader.next().kind }
        guard kind == .true || kind == .false else {
            throw IcebergError(.malformed, "expected a boolean", at: name)
        }
        return kind == .true
    }

    mutating func tree(_ name: String) throws(IcebergError) -> JSONValue {
        try member(name) { reader throws(JSONError) in try JSONValue(reading: &reader) }
    }

    /// Consumes null, if that is what comes next.
    mutating func isNull(_ name: String) throws(IcebergError) -> Bool {
        try member(name) { reader throws(JSONError) in
            guard try reader.peek() == .null else { return false }
            try reader.skip()
            return true
        }
    }

    mutating func beginObject(_ name: String) throws(IcebergError) {
        try member(name) { reader throws(JSONError) in try reader.beginObject() }
    }

    mutating func nextKey(_ name: String) throws(IcebergError) -> JSONToken? {
        try member(name) { reader throws(JSONError) in try reader.nextKey() }
    }

    mutating func beginArray(_ name: String) throws(IcebergError) {
        try member(name) { reader throws(JSONError) in try reader.beginArray() }
    }

    mutating func nextElement(_ name: String) throws(IcebergError) -> Bool {
        try member(name) { reader throws(JSONError) in try reader.nextElement() }
    }

    mutating func skip(_ name: String) throws(IcebergError) {
        try member(name) { reader throws(JSONError) in try reader.skip() }
    }

    /// The text of a key; most keys are only compared.
    mutating func keyText(_ key: JSONToken, in name: String) throws(IcebergError) -> String {
        try member(name) { reader throws(JSONError) in try reader.string(key) }
    }

    /// An object whose values are strings.
    mutating func strings(_ name: String) throws(IcebergError) -> [String: String] {
        var strings: [String: String] = [:]
        try beginObject(name)
        while let key = try nextKey(name) {
            let key = try keyText(key, in: name)
            strings[key] = try text(name)
        }
        return strings
    }

    /// An array of what a closure reads.
    mutating func list<Element>(
        _ name: String, _ read: (inout JSONReader) throws(IcebergError) -> Element
    ) throws(IcebergError) -> [Element] {
        var elements: [Element] = []
        try beginArray(name)
        while try nextElement(name) {
            do {
                elements.append(try read(&self))
            } catch {
                throw error.at("\(name)[\(elements.count)]")
            }
        }
        return elements
    }
}

extension IcebergError {
    /// A required member that is not there.
    static func missing(_ member: String, in object: String) -> IcebergError {
        IcebergError(.malformed, "the member \(member) is missing", at: object)
    }
}
