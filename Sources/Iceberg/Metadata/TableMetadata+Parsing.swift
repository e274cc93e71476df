internal import Avro
internal import JSON

extension TableMetadata {
    /// Parses a metadata file of format version 1 or 2, plain or compressed with gzip; version 1 becomes version 2.
    /// - Throws: ``IcebergError/Code/malformed`` naming the member that is wrong, and
    ///   ``IcebergError/Code/unsupported`` for later format versions.
    public init(parsing bytes: [UInt8]) throws(IcebergError) {
        guard bytes.starts(with: [0x1F, 0x8B]) else {
            self = try MetadataParser.parse(bytes.span.bytes)
            return
        }
        let text: [UInt8]
        do {
            text = try Inflater.inflate(bytes, .gzip)
        } catch {
            throw IcebergError(.malformed, "the gzip file cannot be read: \(error.description)", at: "table metadata")
        }
        self = try MetadataParser.parse(text.span.bytes)
    }
}

/// The members of a metadata file as they come, in any order; what is missing is known only at the end.
private struct MetadataParser {
    var formatVersion: Int?
    var tableUUID: String?
    var location: String?
    var lastSequenceNumber: Int64?
    var lastUpdatedMs: Int64?
    var lastColumnID: Int?
    var schemas: [Schema] = []
    var schema: Schema?
    var currentSchemaID: Int?
    var partitionSpecs: [PartitionSpec] = []
    var partitionFields: [PartitionField]?
    var defaultSpecID: Int?
    var lastPartitionID: Int?
    var sortOrders: [SortOrder] = []
    var defaultSortOrderID: Int?
    var properties: [String: String] = [:]
    var currentSnapshotID: Int64?
    var snapshots: [Snapshot] = []
    var snapshotLog: [TableMetadata.SnapshotLogEntry] = []
    var metadataLog: [TableMetadata.MetadataLogEntry] = []
    var refs: [String: SnapshotReference] = [:]
    var unknownMembers: [Snapshot.Member] = []

    static func parse(_ bytes: RawSpan) throws(IcebergError) -> TableMetadata {
        var parser = MetadataParser()
        var reader = JSONReader(bytes)
        do {
            try checkVersion(bytes)
            try reader.beginObject("metadata")
            while let token = try reader.nextKey("metadata") {
                let key = try reader.keyText(token, in: "metadata")
                guard try !reader.isNull(key) else { continue }
                try parser.read(key, &reader)
            }
            try reader.member("metadata") { reader throws(JSONError) in try reader.end() }
            let metadata = try parser.finish()
            try metadata.validate()
            return metadata
        } catch {
            throw error.at("table metadata")
        }
    }

    /// Looks for the version first, so that a later one is refused as such whatever else it holds.
    private static func checkVersion(_ bytes: RawSpan) throws(IcebergError) {
        var reader = JSONReader(bytes)
        try reader.beginObject("metadata")
        while let key = try reader.nextKey("metadata") {
            guard reader.equals(key, "format-version") else {
                try reader.skip("metadata")
                continue
            }
            let version: Int = try reader.whole("format-version")
            guard version >= 1 else { throw IcebergError(.malformed, "is less than 1", at: "format-version") }
            guard version <= 2 else {
                throw IcebergError(
                    .unsupported, "format version \(version) is not supported; versions 1 and 2 are",
                    at: "format-version")
            }
            return
        }
        throw .missing("format-version", in: "metadata")
    }

    private mutating func read(_ key: String, _ reader: inout JSONReader) throws(IcebergError) {
        switch key {
        case "format-version": formatVersion = try reader.whole(key)
        case "table-uuid": tableUUID = try reader.text(key)
        case "location": location = try reader.text(key)
        case "last-sequence-number": lastSequenceNumber = try reader.whole(key)
        case "last-updated-ms": lastUpdatedMs = try reader.whole(key)
        case "last-column-id": lastColumnID = try reader.whole(key)
        case "current-schema-id": currentSchemaID = try reader.whole(key)
        case "default-spec-id": defaultSpecID = try reader.whole(key)
        case "last-partition-id": lastPartitionID = try reader.whole(key)
        case "default-sort-order-id": defaultSortOrderID = try reader.whole(key)
        case "current-snapshot-id":
            let id: Int64 = try reader.whole(key)
            currentSnapshotID = id == -1 ? nil : id
        case "properties": properties = try reader.strings(key)
        case "schema": schema = try Schema(reading: &reader)
        case "partition-spec": partitionFields = try PartitionSpec.fields(reading: &reader)
        default: try readList(key, &reader)
        }
    }

    private mutating func readList(_ key: String, _ reader: inout JSONReader) throws(IcebergError) {
        switch key {
        case "schemas":
            schemas = try reader.list(key) { reader throws(IcebergError) in try Schema(reading: &reader) }
        case "partition-specs":
            partitionSpecs = try reader.list(key) { reader throws(IcebergError) in
                try PartitionSpec(reading: &reader)
            }
        case "sort-orders":
            sortOrders = try reader.list(key) { reader throws(IcebergError) in try SortOrder(reading: &reader) }
        case "snapshots":
            snapshots = try reader.list(key) { reader throws(IcebergError) in try Snapshot(reading: &reader) }
        case "snapshot-log":
            snapshotLog = try reader.list(key) { reader throws(IcebergError) in
                let (timestampMs, id) = try Self.logEntry(&reader, "snapshot-id") { reader throws(IcebergError) in
                    try reader.whole("snapshot-id", as: Int64.self)
                }
                return TableMetadata.SnapshotLogEntry(timestampMs: timestampMs, snapshotID: id)
            }
        case "metadata-log":
            metadataLog = try reader.list(key) { reader throws(IcebergError) in
                let (timestampMs, file) = try Self.logEntry(&reader, "metadata-file") { reader throws(IcebergError) in
                    try reader.text("metadata-file")
                }
                return TableMetadata.MetadataLogEntry(timestampMs: timestampMs, metadataFile: file)
            }
        case "refs":
            try reader.beginObject(key)
            while let token = try reader.nextKey(key) {
                let name = try reader.keyText(token, in: key)
                refs[name] = try SnapshotReference(reading: &reader)
            }
        default: unknownMembers.append(Snapshot.Member(name: key, value: try reader.tree(key)))
        }
    }

    private static func logEntry<Value>(
        _ reader: inout JSONReader, _ member: StaticString, _ read: (inout JSONReader) throws(IcebergError) -> Value
    ) throws(IcebergError) -> (Int64, Value) {
        var timestampMs: Int64?
        var value: Value?
        try reader.beginObject("log entry")
        while let token = try reader.nextKey("log entry") {
            if reader.equals(token, "timestamp-ms") {
                timestampMs = try reader.whole("timestamp-ms")
            } else if reader.equals(token, member) {
                value = try read(&reader)
            } else {
                try reader.skip("log entry")
            }
        }
        guard let timestampMs else { throw .missing("timestamp-ms", in: "log entry") }
        guard let value else { throw .missing("\(member)", in: "log entry") }
        return (timestampMs, value)
    }

    /// Fills in what format version 1 leaves out ("Writer requirements" and "Appendix E: Format version changes").
    private mutating func finish() throws(IcebergError) -> TableMetadata {
        let isVersion1 = formatVersion == 1
        func require<Value>(_ value: Value?, _ member: String) throws(IcebergError) -> Value {
            guard let value else { throw .missing(member, in: "metadata") }
            return value
        }
        if schemas.isEmpty {
            guard isVersion1 else { throw .missing("schemas", in: "metadata") }
            schemas = [try require(schema, "schema")]
            currentSchemaID = schemas[0].schemaID
        }
        if partitionSpecs.isEmpty {
            guard isVersion1 else { throw .missing("partition-specs", in: "metadata") }
            partitionSpecs = [PartitionSpec(specID: 0, fields: try require(partitionFields, "partition-spec"))]
            defaultSpecID = 0
        }
        if isVersion1 {
            lastSequenceNumber = 0
            defaultSortOrderID = defaultSortOrderID ?? 0
            let ids = partitionSpecs.flatMap(\.fields).map(\.fieldID)
            lastPartitionID = lastPartitionID ?? ids.max() ?? 999
        }
        if sortOrders.isEmpty { sortOrders = [.unsorted] }
        if let currentSnapshotID, refs["main"] == nil {
            refs["main"] = SnapshotReference(snapshotID: currentSnapshotID, kind: .branch)
        }
        var location = try require(location, "location")
        while location.hasSuffix("/"), location.utf8.count > 1 { location.removeLast() }
        var metadata = TableMetadata(
            tableUUID: try require(tableUUID, "table-uuid"), location: location,
            schema: schemas.first ?? Schema(schemaID: 0, fields: []), partitionSpec: .unpartitioned,
            sortOrder: .unsorted, properties: properties, lastColumnID: try require(lastColumnID, "last-column-id"),
            nowMs: try require(lastUpdatedMs, "last-updated-ms"))
        metadata.lastSequenceNumber = try require(lastSequenceNumber, "last-sequence-number")
        metadata.schemas = schemas
        metadata.currentSchemaID = try require(currentSchemaID, "current-schema-id")
        metadata.partitionSpecs = partitionSpecs
        metadata.defaultSpecID = try require(defaultSpecID, "default-spec-id")
        metadata.lastPartitionID = try require(lastPartitionID, "last-partition-id")
        metadata.sortOrders = sortOrders
        metadata.defaultSortOrderID = try require(defaultSortOrderID, "default-sort-order-id")
        metadata.currentSnapshotID = currentSnapshotID
        metadata.snapshots = snapshots
        metadata.snapshotLog = snapshotLog
        metadata.metadataLog = metadataLog
        metadata.refs = refs
        metadata.unknownMembers = unknownMembers
        return metadata
    }
}
