internal import Avro
internal import JSON

/// A spec's partition tuple as a record of a manifest: names, ids and types of its fields.
struct PartitionRecord {
    let fields: [(name: String, id: Int, type: Type)]

    /// - Throws: ``IcebergError/Code/unsupported`` for a transform that this library does not know, and
    ///   ``IcebergError/Code/invalid`` for a source column that does not exist or does not suit its transform.
    init(spec: PartitionSpec, schema: Schema) throws(IcebergError) {
        var fields: [(name: String, id: Int, type: Type)] = []
        for field in spec.fields {
            fields.append((field.name, field.fieldID, try field.resultType(in: schema)))
        }
        self.fields = fields
    }

    // MARK: - Schema

    func writeSchema(to writer: inout JSONWriter) {
        var typeNames: Set<String> = []
        writer.object { writer in
            writer.member("type", "record")
            writer.member("name", "r102")
            writer.member("fields") { writer in
                writer.array { writer in
                    for field in fields {
                        let name = Self.avroName(field.name)
                        ManifestSchema.field(
                            name, field.id, isOptional: true, icebergName: name == field.name ? nil : field.name,
                            to: &writer
                        ) { Self.writeType(field.type, field.id, &typeNames, to: &$0) }
                    }
                }
            }
        }
    }

    /// Avro allows letters, digits and underscores: others become `_x` and their code point, and a leading digit gets
    /// an underscore, as Iceberg's writers do.
    static func avroName(_ name: String) -> String {
        var result = ""
        for (index, scalar) in name.unicodeScalars.enumerated() {
            switch scalar {
            case "a"..."z", "A"..."Z", "_": result.unicodeScalars.append(scalar)
            case "0"..."9": result += index == 0 ? "_\(scalar)" : "\(scalar)"
            default: result += "_x" + String(scalar.value, radix: 16, uppercase: true)
            }
        }
        return result
    }

    private static func writeType(_ type: Type, _ id: Int, _ used: inout Set<String>, to writer: inout JSONWriter) {
        func logical(_ physical: String, _ name: String, adjustToUTC: Bool? = nil) {
            writer.object { writer in
                writer.member("type", physical)
                writer.member("logicalType", name)
                if let adjustToUTC { writer.member("adjust-to-utc", adjustToUTC) }
            }
        }
        // A second fixed type of one name gets its field's id: neither a second definition nor a reference by name is
        // read by everyone.
        func fixed(_ name: String, _ size: Int, _ more: (inout JSONWriter) -> Void) {
            writer.object { writer in
                writer.member("type", "fixed")
                writer.member("name", used.insert(name).inserted ? name : "\(name)_\(id)")
                writer.member("size", size)
                more(&writer)
            }
        }
        switch type {
        case .date: logical("int", "date")
        case .time: logical("long", "time-micros")
        case .timestamp: logical("long", "timestamp-micros", adjustToUTC: false)
        case .timestamptz: logical("long", "timestamp-micros", adjustToUTC: true)
        case .uuid: fixed("uuid_fixed", 16) { $0.member("logicalType", "uuid") }
        case .fixed(let length): fixed("fixed_\(length)", length) { _ in }
        case .decimal(let precision, let scale):
            fixed("decimal_\(precision)_\(scale)", Decimals.byteCount(precision: precision)) { writer in
                writer.member("logicalType", "decimal")
                writer.member("precision", precision)
                writer.member("scale", scale)
            }
        case .binary: writer.string("bytes")
        default: writer.string(type.name ?? "null")
        }
    }

    // MARK: - Values

    /// Writes a tuple.
    func write(_ tuple: [Datum?], to encoder: inout AvroEncoder) throws(IcebergError) {
        guard tuple.count == fields.count else {
            throw IcebergError(.invalid, "a partition tuple has \(tuple.count) values for \(fields.count) fields")
        }
        for (value, field) in zip(tuple, fields) {
            guard let value else {
                encoder.long(0)
                continue
            }
            encoder.long(1)
            switch (field.type, value) {
            case (.boolean, .boolean(let value)): encoder.boolean(value)
            case (.int, .int(let value)), (.date, .date(let value)), (.date, .int(let value)): encoder.long(value)
            case (.long, .int(let value)): encoder.long(value)
            case (.long, .long(let value)), (.time, .time(let value)), (.timestamp, .timestamp(let value)),
                (.timestamptz, .timestamptz(let value)):
                encoder.long(value)
            case (.float, .float(let value)): encoder.float(value)
            case (.double, .double(let value)): encoder.double(value)
            case (.double, .float(let value)): encoder.double(Double(value))
            case (.string, .string(let text)): encoder.string(text)
            case (.binary, .binary(let bytes)): encoder.data(bytes)
            case (.uuid, .uuid(let bytes)) where bytes.count == 16: encoder.fixed(bytes)
            case (.fixed(let length), .fixed(let bytes)) where bytes.count == length: encoder.fixed(bytes)
            case (.decimal(let precision, _), .decimal(let unscaled, _, _)):
                guard let number = Decimals.value(of: unscaled),
                    let bytes = Decimals.bytes(of: number, count: Decimals.byteCount(precision: precision))
                else { throw IcebergError(.invalid, "a decimal has more digits than its type", at: field.name) }
                encoder.fixed(bytes)
            default: throw IcebergError(.invalid, "a partition value is not of its field's type", at: field.name)
            }
        }
    }
}

extension PartitionField {
    /// The type of this field's values under a schema.
    /// - Throws: ``IcebergError/Code/unsupported`` for a transform that this library does not know, and
    ///   ``IcebergError/Code/invalid`` for a source column that does not exist or does not suit the transform.
    public func resultType(in schema: Schema) throws(IcebergError) -> Type {
        if case .unknown(let text) = transform {
            throw IcebergError(.unsupported, "the transform \(text) is not known", at: name)
        }
        guard let source = schema.nestedField(id: sourceID) else {
            // Void fields outlive their columns, and hold nothing but nulls.
            if transform == .void { return .int }
            throw IcebergError(.invalid, "its source column \(sourceID) does not exist", at: name)
        }
        guard let type = transform.resultType(of: source.type) else {
            throw IcebergError(.invalid, "the transform \(transform) does not take column \(source.name)", at: name)
        }
        guard type.isPrimitive else { return .int }
        return type
    }
}
