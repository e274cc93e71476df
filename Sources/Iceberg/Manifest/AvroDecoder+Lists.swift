internal import Avro

extension AvroDecoder {
    /// All elements of an array, each read by a closure that gets its type.
    mutating func list<Element>(
        _ type: AvroSchema, _ read: (inout AvroDecoder, AvroSchema) throws(AvroError) -> Element
    ) throws(AvroError) -> [Element] {
        guard case .array(let element, _) = type.physical else { throw AvroError(.malformed, "expected an array") }
        var elements: [Element] = []
        while case let count = try blockCount(of: element), count > 0 {
            for _ in 0..<count { elements.append(try read(&self, element)) }
        }
        return elements
    }

    /// A map with int keys: an array of records of key and value.
    mutating func map<Value>(
        _ type: AvroSchema, _ read: (inout AvroDecoder, AvroSchema) throws(AvroError) -> Value
    ) throws(AvroError) -> [Int: Value] {
        guard case .array(.record(let entry), _) = type.physical else {
            throw AvroError(.malformed, "expected a map with int keys")
        }
        var values: [Int: Value] = [:]
        while case let count = try blockCount(of: .record(entry)), count > 0 {
            for _ in 0..<count {
                var key: Int?
                var value: Value?
                for field in entry.fields {
                    switch field.name {
                    case "key": key = Int(try long(field.type))
                    case "value":
                        guard let type = try present(field.type) else { continue }
                        value = try read(&self, type)
                    default: try skip(field.type)
                    }
                }
                guard let key else { throw AvroError(.malformed, "an entry of a map without a key") }
                if let value { values[key] = value }
            }
        }
        return values
    }
}

extension IcebergError {
    /// What an Avro file's fault means for a table.
    init(_ error: AvroError, at place: String) {
        self.init(error.code == .unsupported ? .unsupported : .malformed, error.description, at: place)
    }
}
