internal import JSON

extension NestedField {
    init(reading reader: inout JSONReader, depth: Int) throws(IcebergError) {
        var id: Int?
        var name: String?
        var type: Type?
        var required: Bool?
        var doc: String?
        try reader.beginObject("field")
        while let key = try reader.nextKey("field") {
            if reader.equals(key, "id") {
                id = try reader.whole("id")
            } else if reader.equals(key, "name") {
                name = try reader.text("name")
            } else if reader.equals(key, "required") {
                required = try reader.truth("required")
            } else if reader.equals(key, "type") {
                do {
                    type = try Type(reading: &reader, depth: depth)
                } catch {
                    throw error.at(name ?? "field")
                }
            } else if reader.equals(key, "doc") {
                doc = try reader.isNull("doc") ? nil : try reader.text("doc")
            } else if reader.equals(key, "initial-default") || reader.equals(key, "write-default") {
                guard try reader.isNull("default") else {
                    throw IcebergError(
                        .unsupported, "default values of columns belong to format version 3", at: name ?? "field")
                }
            } else {
                try reader.skip("field")
            }
        }
        guard let id else { throw .missing("id", in: "field") }
        guard let name else { throw .missing("name", in: "field") }
        guard let type else { throw .missing("type", in: "field \(name)") }
        guard let required else { throw .missing("required", in: "field \(name)") }
        self.init(id: id, name: name, type: type, isRequired: required, doc: doc)
    }

    func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("id", id)
            writer.member("name", name)
            writer.member("required", isRequired)
            writer.member("type") { type.write(to: &$0) }
            if let doc { writer.member("doc", doc) }
        }
    }
}

extension Schema {
    /// Parses a schema's JSON text, as in a manifest's metadata.
    public init(parsing text: [UInt8]) throws(IcebergError) {
        var reader = JSONReader(text.span.bytes)
        self = try Schema(reading: &reader)
        try reader.member("schema") { reader throws(JSONError) in try reader.end() }
    }

    /// The schema as JSON text ("Appendix C: JSON serialization").
    public func serialized() -> [UInt8] {
        var writer = JSONWriter()
        write(to: &writer)
        return writer.bytes
    }

    /// Reads a schema; format version 1 allows the id to be missing.
    init(reading reader: inout JSONReader) throws(IcebergError) {
        var schemaID = 0
        var fields: [NestedField]?
        var identifiers: [Int] = []
        try reader.beginObject("schema")
        while let key = try reader.nextKey("schema") {
            if reader.equals(key, "schema-id") {
                schemaID = try reader.isNull("schema-id") ? 0 : try reader.whole("schema-id")
            } else if reader.equals(key, "fields") {
                fields = try reader.list("fields") { reader throws(IcebergError) in
                    try NestedField(reading: &reader, depth: 0)
                }
            } else if reader.equals(key, "identifier-field-ids") {
                guard try !reader.isNull("identifier-field-ids") else { continue }
                identifiers = try reader.list("identifier-field-ids") { reader throws(IcebergError) in
                    try reader.whole("id")
                }
            } else {
                try reader.skip("schema")
            }
        }
        guard let fields else { throw .missing("fields", in: "schema") }
        self.init(schemaID: schemaID, fields: fields, identifierFieldIDs: identifiers)
        try checkIDs()
    }

    func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("type", "struct")
            writer.member("schema-id", schemaID)
            if !identifierFieldIDs.isEmpty {
                writer.member("identifier-field-ids") { writer in
                    writer.array { for id in identifierFieldIDs { $0.integer(id) } }
                }
            }
            writer.member("fields") { writer in writer.array { for field in fields { field.write(to: &$0) } } }
        }
    }

    private func checkIDs() throws(IcebergError) {
        let ids = allFieldIDs.sorted()
        for (id, next) in zip(ids, ids.dropFirst()) where id == next {
            throw IcebergError(.malformed, "field id \(id) is used twice", at: "schema \(schemaID)")
        }
    }
}
