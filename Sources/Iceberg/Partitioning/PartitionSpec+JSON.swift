internal import JSON

extension PartitionSpec {
    /// No partitions.
    public static let unpartitioned = PartitionSpec(specID: 0, fields: [])

    init(reading reader: inout JSONReader) throws(IcebergError) {
        var specID: Int?
        var fields: [PartitionField]?
        try reader.beginObject("partition spec")
        while let key = try reader.nextKey("partition spec") {
            if reader.equals(key, "spec-id") {
                specID = try reader.whole("spec-id")
            } else if reader.equals(key, "fields") {
                fields = try Self.fields(reading: &reader)
            } else {
                try reader.skip("partition spec")
            }
        }
        guard let specID else { throw .missing("spec-id", in: "partition spec") }
        guard let fields else { throw .missing("fields", in: "partition spec") }
        self.init(specID: specID, fields: fields)
    }

    /// The array of fields alone, as format version 1 and manifests hold it. Version 1 had no field ids: they count
    /// from 1000.
    static func fields(reading reader: inout JSONReader) throws(IcebergError) -> [PartitionField] {
        var next = 1000
        return try reader.list("fields") { reader throws(IcebergError) in
            let field = try PartitionField(reading: &reader, next)
            next += 1
            return field
        }
    }

    func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("spec-id", specID)
            writer.member("fields") { writeFields(to: &$0) }
        }
    }

    func writeFields(to writer: inout JSONWriter) {
        writer.array { writer in
            for field in fields {
                writer.object { writer in
                    writer.member("name", field.name)
                    writer.member("transform", field.transform.description)
                    writer.member("source-id", field.sourceID)
                    writer.member("field-id", field.fieldID)
                }
            }
        }
    }
}

extension PartitionField {
    fileprivate init(reading reader: inout JSONReader, _ defaultID: Int) throws(IcebergError) {
        var sourceID: Int?
        var fieldID = defaultID
        var name: String?
        var transform: Transform?
        try reader.beginObject("partition field")
        while let key = try reader.nextKey("partition field") {
            if reader.equals(key, "source-id") {
                sourceID = try reader.whole("source-id")
            } else if reader.equals(key, "field-id") {
                fieldID = try reader.whole("field-id")
            } else if reader.equals(key, "name") {
                name = try reader.text("name")
            } else if reader.equals(key, "transform") {
                transform = Transform(parsing: try reader.text("transform"))
            } else if reader.equals(key, "source-ids") {
                throw IcebergError(.unsupported, "transforms of several columns belong to format version 3")
            } else {
                try reader.skip("partition field")
            }
        }
        guard let sourceID else { throw .missing("source-id", in: "partition field") }
        guard let name else { throw .missing("name", in: "partition field") }
        guard let transform else { throw .missing("transform", in: "partition field") }
        self.init(sourceID: sourceID, fieldID: fieldID, name: name, transform: transform)
    }
}
