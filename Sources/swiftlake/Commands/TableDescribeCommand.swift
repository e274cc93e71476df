internal import ArgumentParser
internal import Iceberg
internal import JSON

/// `swiftlake table describe TABLE`
struct TableDescribeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "describe", abstract: "Shows a table's columns, partition spec, properties, counts and offsets.")

    @Argument(help: ArgumentHelp("Such as iot_db.sensor_readings.", valueName: "table"))
    var table: String

    @OptionGroup var options: TableOptions

    func run() throws {
        try options.inspect { lake in
            let table = try lake.table(named: self.table)
            Console.print(options.json ? try Self.json(table) : try Self.lines(table))
        }
    }

    static func lines(_ table: InspectedTable) throws -> [String] {
        let metadata = table.metadata
        let schema = metadata.currentSchema
        var columns = TextTable(
            ("id", .right), ("column", .left), ("type", .left), ("required", .left), ("comment", .left))
        for field in schema?.fields ?? [] {
            columns.add([
                "\(field.id)", field.name, field.type.text, field.isRequired ? "yes" : "no", field.doc ?? "",
            ])
        }
        var lines = [
            "table        \(table.identifier)",
            "location     \(metadata.location)",
            "metadata     \(table.metadataLocation)",
            "uuid         \(metadata.tableUUID)",
            "rows         \(Quantity.grouped(try table.rowCount())) in \(Quantity.counted(try table.fileCount(), "data file"))",
            "snapshots    \(metadata.snapshots.count)",
            "partitioned  \(partition(metadata))",
            "sorted       \(sort(metadata))",
            "",
        ]
        lines += columns.lines
        if !metadata.properties.isEmpty {
            var properties = TextTable(("property", .left), ("value", .left))
            for (name, value) in metadata.properties.sorted(by: { $0.key < $1.key })
            where !name.hasPrefix(Watermarks.keyPrefix) {
                properties.add([name, value])
            }
            lines += [""] + properties.lines
        }
        let watermarks = try table.watermarks()
        if !watermarks.isEmpty {
            var offsets = TextTable(("source", .left), ("shard", .left), ("taken up to", .left))
            for source in watermarks {
                for (shard, mark) in source.shards.sorted(by: { $0.key < $1.key }) {
                    offsets.add([source.source, shard, "\(mark.last)"])
                }
            }
            lines += [""] + offsets.lines
        }
        return lines
    }

    /// `hour(timestamp_sent)`, or `no`.
    static func partition(_ metadata: TableMetadata) -> String {
        let terms = (metadata.defaultSpec?.fields ?? []).map { term($0.transform, $0.sourceID, metadata) }
        return terms.isEmpty ? "no" : "by " + terms.joined(separator: ", ")
    }

    /// `timestamp asc nulls first`, or `no`.
    static func sort(_ metadata: TableMetadata) -> String {
        let keys = (metadata.defaultSortOrder?.fields ?? []).map { field in
            let nulls = field.nullOrder == .first ? "first" : "last"
            return "\(term(field.transform, field.sourceID, metadata)) \(field.direction.rawValue) nulls \(nulls)"
        }
        return keys.isEmpty ? "no" : "by " + keys.joined(separator: ", ")
    }

    private static func term(_ transform: Transform, _ sourceID: Int, _ metadata: TableMetadata) -> String {
        let column = metadata.currentSchema?.nestedField(id: sourceID)?.name ?? "column \(sourceID)"
        return transform == .identity ? column : "\(transform)(\(column))"
    }

    static func json(_ table: InspectedTable) throws -> [String] {
        let metadata = table.metadata
        let (rows, files, sources) = (try table.rowCount(), try table.fileCount(), try table.watermarks())
        var writer = JSONWriter(indentation: 2)
        writer.object { writer in
            writer.member("table", "\(table.identifier)")
            writer.member("location", metadata.location)
            writer.member("metadataLocation", table.metadataLocation)
            writer.member("uuid", metadata.tableUUID)
            writer.member("rows", rows)
            writer.member("files", files)
            writer.member("columns") { writer in
                writer.array { writer in
                    for field in metadata.currentSchema?.fields ?? [] {
                        writer.object { writer in
                            writer.member("id", field.id)
                            writer.member("name", field.name)
                            writer.member("type", field.type.text)
                            writer.member("required", field.isRequired)
                            writer.member("doc", field.doc.map { .string($0) } ?? .null)
                        }
                    }
                }
            }
            writer.member("partition") { writer in
                writer.array { writer in
                    for field in metadata.defaultSpec?.fields ?? [] {
                        writer.object { writer in
                            writer.member("name", field.name)
                            writer.member("transform", field.transform.description)
                            writer.member("sourceID", field.sourceID)
                        }
                    }
                }
            }
            writer.member("properties") { writer in
                writer.object { writer in
                    for (name, value) in metadata.properties.sorted(by: { $0.key < $1.key }) {
                        writer.member(name, value)
                    }
                }
            }
            writer.member("offsets") { writer in
                writer.object { writer in
                    for source in sources {
                        writer.member(source.source) { writer in
                            writer.object { writer in
                                for (shard, mark) in source.shards.sorted(by: { $0.key < $1.key }) {
                                    writer.member(shard, "\(mark.last)")
                                }
                            }
                        }
                    }
                }
            }
        }
        return [writer.text]
    }
}
