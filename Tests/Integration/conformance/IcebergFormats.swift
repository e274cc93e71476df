internal import Avro
internal import Foundation
internal import Iceberg
internal import JSON

/// What the checks of Iceberg's formats ask for, each over files that a Python reader wrote or will read.
/// `conformance iceberg-formats WHAT [ARGUMENT…]`
func icebergFormats(_ arguments: [String]) throws {
    guard let what = arguments.first else { throw Complaint("the second argument says what to check") }
    let paths = Array(arguments.dropFirst())
    switch what {
    case "metadata": try save(TableMetadata(parsing: load(paths[0])).serialized(), paths[1])
    case "new": try save(newTable().serialized(), paths[0])
    case "commit": try commit(metadata: paths[0], rows: paths[1], folder: paths[2])
    case "entries": try printEntries(metadata: paths[0], list: paths[1])
    case "rewrite": try rewrite(metadata: paths[0], list: paths[1], folder: paths[2])
    case "transforms": try transformLines(load(paths[0]))
    case "bounds": try boundLines(load(paths[0]))
    case "avro": try printAvro(load(paths[0]))
    default: throw Complaint("there is no check \(what)")
    }
}

private struct Complaint: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}

private func load(_ path: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: URL(fileURLWithPath: path.replacingOccurrences(of: "file://", with: ""))))
}

private func save(_ bytes: [UInt8], _ path: String) throws { try Data(bytes).write(to: URL(fileURLWithPath: path)) }

private func hex(_ bytes: [UInt8]) -> String { bytes.map { String(format: "%02x", $0) }.joined() }

private func bytes(_ hex: String) -> [UInt8] {
    let digits = Array(hex.utf8)
    return stride(from: 0, to: digits.count, by: 2).compactMap {
        UInt8(String(decoding: digits[$0..<$0 + 2], as: UTF8.self), radix: 16)
    }
}

private func lines(_ text: [UInt8]) throws -> [JSONValue] {
    try text.split(separator: UInt8(ascii: "\n")).map { try JSONValue(parsing: Array($0)) }
}

private func member(_ value: JSONValue, _ name: String) throws -> String {
    guard let text = value[name]?.string else { throw Complaint("a line lacks \(name)") }
    return text
}

// MARK: - Metadata, manifests

private func newTable() throws -> TableMetadata {
    let address = Type.struct([
        NestedField(id: 0, name: "street", type: .string), NestedField(id: 0, name: "n", type: .int),
    ])
    return try TableMetadata.new(
        tableUUID: "9c12d441-03fe-4693-9a96-a0705ddf69c1", location: "file:///lake/db/t/",
        columns: [
            NestedField(id: 0, name: "id", type: .long, isRequired: true, doc: "a \"doc\""),
            NestedField(id: 0, name: "sent", type: .timestamp),
            NestedField(id: 0, name: "address", type: address),
            NestedField(id: 0, name: "tags", type: .list(elementID: 0, element: .string, elementRequired: true)),
            NestedField(
                id: 0, name: "counts",
                type: .map(keyID: 0, key: .string, valueID: 0, value: address, valueRequired: false)),
            NestedField(id: 0, name: "price", type: .decimal(precision: 9, scale: 2)),
        ], identifierColumns: ["id"],
        partition: [
            NewPartitionField(column: "sent", transform: .hour),
            NewPartitionField(column: "id", transform: .bucket(count: 16)),
            NewPartitionField(column: "price", transform: .truncate(width: 10)),
        ], sort: [NewSortField(column: "sent"), NewSortField(column: "id", direction: .descending)],
        properties: ["write.format.default": "parquet"], nowMs: 1_700_000_000_000)
}

/// Adds a snapshot with one manifest: for each line a data file, whose partition tuple follows from the row's values,
/// given by field id as single values in hexadecimal.
private func commit(metadata path: String, rows: String, folder: String) throws {
    var metadata = try TableMetadata(parsing: load(path))
    guard let schema = metadata.currentSchema, let spec = metadata.defaultSpec else { throw Complaint("no schema") }
    let snapshotID: Int64 = 3_051_729_675_574_597_004
    var entries: [ManifestEntry] = []
    for (index, row) in try lines(load(rows)).enumerated() {
        var values: [Int: Datum] = [:]
        var file = DataFile(filePath: "\(folder)/\(index).parquet", partition: [], recordCount: 7, fileSizeInBytes: 123)
        for (name, value) in row.members ?? [] {
            guard let id = Int(name), let field = schema.field(id: id), let text = value.string else { continue }
            values[id] = try Datum(singleValue: bytes(text), type: field.type)
            file.columnSizes[id] = 10
            file.valueCounts[id] = 7
            file.nullValueCounts[id] = 1
            file.lowerBounds[id] = values[id]?.singleValueBytes
            file.upperBounds[id] = values[id]?.singleValueBytes
        }
        file.partition = try spec.fields.map { try $0.transform.apply(values[$0.sourceID]) }
        file.splitOffsets = [4, 1 << 40]
        file.sortOrderID = 0
        entries.append(
            ManifestEntry(status: .added, snapshotID: nil, sequenceNumber: nil, fileSequenceNumber: nil, dataFile: file)
        )
    }
    let made = try ManifestWriter.bytes(
        entries: entries, spec: spec, schema: schema, snapshotID: snapshotID, path: "\(folder)/m0.avro")
    try save(made.bytes, "\(folder)/m0.avro")
    metadata.lastSequenceNumber += 1
    let list = try ManifestList.bytes(
        [made.manifest], snapshotID: snapshotID, parentSnapshotID: nil, sequenceNumber: metadata.lastSequenceNumber)
    try save(list, "\(folder)/list.avro")
    metadata.snapshots.append(
        Snapshot(
            snapshotID: snapshotID, parentSnapshotID: nil, sequenceNumber: metadata.lastSequenceNumber,
            timestampMs: metadata.lastUpdatedMs, manifestList: "file://\(folder)/list.avro",
            summary: Snapshot.Summary(operation: "append", properties: ["added-data-files": "\(entries.count)"]),
            schemaID: schema.schemaID))
    metadata.currentSnapshotID = snapshotID
    metadata.refs["main"] = SnapshotReference(snapshotID: snapshotID, kind: .branch)
    metadata.snapshotLog.append(.init(timestampMs: metadata.lastUpdatedMs, snapshotID: snapshotID))
    try metadata.validate()
    try save(metadata.serialized(), "\(folder)/new.metadata.json")
}

/// Prints every entry of a manifest list's manifests, one JSON object a line.
private func printEntries(metadata path: String, list: String) throws {
    let metadata = try TableMetadata(parsing: load(path))
    for manifest in try ManifestList.parse(load(list)) {
        let spec = metadata.partitionSpecs.first { $0.specID == Int(manifest.partitionSpecID) }
        for entry in try ManifestReader.entries(load(manifest.manifestPath), of: manifest, metadata: metadata) {
            var writer = JSONWriter()
            writer.object { writer in
                writer.member("status", entry.status.rawValue)
                writer.member("snapshot_id", entry.snapshotID ?? -1)
                writer.member("sequence_number", entry.sequenceNumber ?? -1)
                writer.member("file_sequence_number", entry.fileSequenceNumber ?? -1)
                writer.member("file_path", entry.dataFile.filePath)
                writer.member("file_format", entry.dataFile.fileFormat)
                writer.member("record_count", entry.dataFile.recordCount)
                writer.member("file_size_in_bytes", entry.dataFile.fileSizeInBytes)
                writer.member("partition") { writer in
                    writer.array { writer in
                        for value in entry.dataFile.partition {
                            if let value { writer.string(hex(value.singleValueBytes)) } else { writer.null() }
                        }
                    }
                }
                writer.member("path", spec?.path(of: entry.dataFile.partition) ?? "")
                writer.member("value_counts") { writer in
                    writer.object { writer in
                        for (id, count) in entry.dataFile.valueCounts { writer.member("\(id)", count) }
                    }
                }
                writer.member("lower_bounds") { writer in
                    writer.object { writer in
                        for (id, bound) in entry.dataFile.lowerBounds { writer.member("\(id)", hex(bound)) }
                    }
                }
                writer.member("split_offsets") { writer in
                    writer.array { for offset in entry.dataFile.splitOffsets ?? [] { $0.integer(offset) } }
                }
            }
            print(writer.text)
        }
    }
}

/// Writes the same manifests again as existing entries, and their list.
private func rewrite(metadata path: String, list: String, folder: String) throws {
    let metadata = try TableMetadata(parsing: load(path))
    var manifests: [ManifestFile] = []
    for (index, manifest) in try ManifestList.parse(load(list)).enumerated() {
        var entries = try ManifestReader.entries(load(manifest.manifestPath), of: manifest, metadata: metadata)
        for index in entries.indices { entries[index].status = .existing }
        guard let spec = metadata.partitionSpecs.first(where: { $0.specID == Int(manifest.partitionSpecID) }),
            let schema = metadata.currentSchema
        else { throw Complaint("no spec") }
        let path = "\(folder)/merged\(index).avro"
        let made = try ManifestWriter.bytes(entries: entries, spec: spec, schema: schema, snapshotID: 77, path: path)
        try save(made.bytes, path)
        manifests.append(made.manifest)
    }
    let list = try ManifestList.bytes(manifests, snapshotID: 77, parentSnapshotID: 5, sequenceNumber: 9)
    try save(list, "\(folder)/merged-list.avro")
}

// MARK: - Values

/// For each line of type, transform and value: the transformed value, and as people read it.
private func transformLines(_ text: [UInt8]) throws {
    for line in try lines(text) {
        let type = try Type(named: try member(line, "type"))
        let transform = Transform(parsing: try member(line, "transform"))
        let value = try Datum(singleValue: bytes(try member(line, "value")), type: type)
        guard let result = try transform.apply(value) else { throw Complaint("no value") }
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("value", hex(result.singleValueBytes))
            writer.member("human", transform.humanString(result))
        }
        print(writer.text)
    }
}

/// For each line of type, value and length: the lower and upper bound.
private func boundLines(_ text: [UInt8]) throws {
    for line in try lines(text) {
        let type = try Type(named: try member(line, "type"))
        let value = bytes(try member(line, "value"))
        let mode = MetricsMode.truncate(length: Int(line["length"]?.integer ?? 16))
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("lower", hex(BoundTruncation.lower(value, type: type, mode: mode) ?? []))
            writer.member("upper") { writer in
                let upper = BoundTruncation.upper(value, type: type, mode: mode)
                if let upper { writer.string(hex(upper)) } else { writer.null() }
            }
        }
        print(writer.text)
    }
}

// MARK: - Avro

/// Prints every record of any Avro file as JSON, one a line; bytes as hexadecimal.
private func printAvro(_ bytes: [UInt8]) throws {
    var file = try AvroFileReader(bytes)
    while let block = try file.nextBlock() {
        var decoder = AvroDecoder(block.bytes.span.bytes)
        for _ in 0..<block.count {
            var writer = JSONWriter()
            try write(file.schema, &decoder, to: &writer)
            print(writer.text)
        }
        try decoder.end()
    }
}

private func write(_ type: AvroSchema, _ decoder: inout AvroDecoder, to writer: inout JSONWriter) throws {
    guard let type = try decoder.present(type) else { return writer.null() }
    switch type.physical {
    case .boolean: writer.bool(try decoder.boolean(type))
    case .int, .long, .enumeration: writer.integer(try decoder.long(type))
    case .float: writer.double(Double(try decoder.float(type)))
    case .double: writer.double(try decoder.double(type))
    case .bytes, .fixed: writer.string(hex(try decoder.data(type)))
    case .string: writer.string(try decoder.string(type))
    case .array(let element, _):
        var elements: [String] = []
        while case let count = try decoder.blockCount(of: element), count > 0 {
            for _ in 0..<count { elements.append(try text(element, &decoder)) }
        }
        writer.array { for element in elements { $0.raw(element) } }
    case .map(let value):
        var members: [(String, String)] = []
        while case let count = try decoder.blockCount(of: value), count > 0 {
            for _ in 0..<count { members.append((try decoder.string(.string), try text(value, &decoder))) }
        }
        writer.object { writer in for (name, value) in members { writer.member(name) { $0.raw(value) } } }
    case .record(let record):
        var members: [(String, String)] = []
        for field in record.fields { members.append((field.name, try text(field.type, &decoder))) }
        writer.object { writer in for (name, value) in members { writer.member(name) { $0.raw(value) } } }
    case .null, .union, .logical: writer.null()
    }
}

private func text(_ type: AvroSchema, _ decoder: inout AvroDecoder) throws -> String {
    var writer = JSONWriter()
    try write(type, &decoder, to: &writer)
    return writer.text
}
