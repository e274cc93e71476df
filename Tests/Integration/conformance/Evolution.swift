internal import Columnar
internal import Foundation
internal import Iceberg
internal import JSON
internal import Parquet

/// Changes, fills and expires tables of the lake that a function's environment names, as told by lines of JSON, so that
/// other writers can act in between; each line is answered by one.
///
///     {"call":"create","table":"db.t","columns":[{"name":…,"type":…,"required":…}],"partition":[…],"properties":{…}}
///     {"call":"evolve","table":"db.t","changes":[{"change":"add-column","name":…,"type":…,"doc":…},…]}
///     {"call":"append","table":"db.t","rows":[{…},…],"first":"1","last":"9"}
///     {"call":"expire","table":"db.t","now":…,"age":…,"minimum":…,"maximum":…,"superseded":…}
///     {"call":"watermark","table":"db.t"}     {"call":"orphans","table":"db.t"}
enum Evolution {
    typealias Answer = [(name: String, value: JSONValue)]

    struct Failure: Error, CustomStringConvertible { let description: String }

    static func run(_ arguments: [String]) throws {
        let session = try Session(ProcessInfo.processInfo.environment)
        while let line = readLine() {
            var answer: Answer
            do {
                answer = try session.answer(try JSONValue(parsing: Array(line.utf8)))
            } catch let error as IcebergError {
                answer = [
                    ("error", .string("\(error)")), ("code", .string(error.code.rawValue)),
                    ("context", .array(error.context.map { .string($0) })),
                ]
            }
            FileHandle.standardOutput.write(Data(JSONValue.object(answer).serialized() + [UInt8(ascii: "\n")]))
        }
    }

    private static func text(_ value: JSONValue, _ name: String) throws -> String {
        guard let text = value[name]?.string else { throw Failure(description: "a call lacks \(name)") }
        return text
    }

    private static func elements(_ value: JSONValue, _ name: String) -> [JSONValue] { value[name]?.elements ?? [] }

    private static func strings(_ value: JSONValue?) -> [String: String] {
        Dictionary((value?.members ?? []).map { ($0.name, $0.value.string ?? "") }, uniquingKeysWith: { $1 })
    }

    private static func terms(_ value: JSONValue, _ name: String) throws -> [PartitionTerm] {
        try elements(value, name).map {
            PartitionTerm(
                column: try text($0, "column"), transform: Transform(parsing: try text($0, "transform")),
                name: try text($0, "name"))
        }
    }

    private static func change(_ value: JSONValue) throws -> TableChange {
        switch try text(value, "change") {
        case "add-column":
            return .addColumn(
                name: try text(value, "name"), type: try Type(named: try text(value, "type")),
                doc: value["doc"]?.string)
        case "widen-column":
            return .widenColumn(name: try text(value, "name"), to: try Type(named: try text(value, "type")))
        case "make-optional": return .makeOptional(name: try text(value, "name"))
        case "set-doc": return .setDoc(column: try text(value, "name"), doc: value["doc"]?.string)
        case "drop-column": return .dropColumn(name: try text(value, "name"))
        case "set-partition": return .setPartition(try terms(value, "terms"))
        case "set-sort":
            return .setSortOrder(
                try elements(value, "terms").map {
                    SortTerm(
                        column: try text($0, "column"), transform: .identity,
                        direction: try text($0, "direction") == "asc" ? .ascending : .descending, nullOrder: .last)
                })
        case "set-properties": return .setProperties(strings(value["properties"]))
        case "remove-properties":
            return .removeProperties(elements(value, "names").compactMap(\.string))
        case let other: throw Failure(description: "no such change: \(other)")
        }
    }

    private final class Session: WarmTables {
        func answer(_ call: JSONValue) throws -> Answer {
            let parts = try text(call, "table").split(separator: ".", maxSplits: 1).map(String.init)
            let identifier = TableIdentifier(namespace: parts[0], name: parts[1])
            let kind = try text(call, "call")
            guard kind != "create" else { return try create(identifier, call) }
            let table = table(identifier)
            switch kind {
            case "evolve": return try evolve(table, call)
            case "append": return try append(table, call)
            case "expire": return try expire(table, call)
            case "watermark":
                try table.load()
                let last = try table.watermarks(of: "test").shards["0"]?.last
                return [("last", last.map { .string($0.description) } ?? .null)]
            case "orphans":
                return [
                    ("files", .array(try table.orphans(minimumAgeMs: -60_000).map { .string($0.location) }))
                ]
            default: throw Failure(description: "no such call: \(kind)")
            }
        }

        private func create(_ identifier: TableIdentifier, _ call: JSONValue) throws -> Answer {
            let columns = try elements(call, "columns").map { column in
                NestedField(
                    id: 0, name: try text(column, "name"), type: try Type(named: try text(column, "type")),
                    isRequired: column["required"]?.bool ?? false, doc: column["doc"]?.string)
            }
            let partition = try terms(call, "partition").map {
                NewPartitionField(column: $0.column, transform: $0.transform, name: $0.name)
            }
            let location = try create(
                identifier, columns: columns, partition: partition, properties: strings(call["properties"]))
            return [("location", .string(location))]
        }

        private func evolve(_ table: Table, _ call: JSONValue) throws -> Answer {
            let changes = try elements(call, "changes").map(change)
            let report = try table.evolve { _ in changes }
            return [
                ("outcome", .string("\(report.outcome)")), ("location", .string(report.metadataLocation)),
                ("attempts", .integer(report.attempts)), ("schema", .integer(report.schemaID)),
                ("spec", .integer(report.specID)), ("order", .integer(report.sortOrderID)),
            ]
        }

        private func append(_ table: Table, _ call: JSONValue) throws -> Answer {
            try table.refresh()
            let metadata = try table.metadata
            guard let schema = metadata.currentSchema, let spec = metadata.defaultSpec,
                let order = metadata.defaultSortOrder
            else { throw Failure(description: "the table lacks its schema") }
            let batch = RecordBatch(try schema.columns())
            for row in elements(call, "rows") {
                for (field, column) in zip(batch.fields, batch.columns) {
                    Evolution.append(row[field.name] ?? .null, to: column, field.type)
                }
                batch.finishRow()
            }
            var files: [Append.File] = []
            for part in try spec.partition(batch, schema: schema) {
                let rows = batch.taking(part.rows)
                var writer = try ParquetWriter(fields: rows.fields, options: WriterOptions())
                try writer.write(try order.sortedRows(of: rows, schema: schema).map(rows.taking) ?? rows)
                let written = try writer.finish()
                files.append(
                    Append.File(
                        try DataFile(
                            location: "\(metadata.dataDirectory)/\(UUID().uuidString).parquet", partition: part.tuple,
                            written: written, metadata: metadata), bytes: written.bytes))
            }
            var append = Append(encodedFor: metadata, files: files)
            if let first = call["first"]?.string, let last = call["last"]?.string {
                let range = OffsetRange(
                    first: try SourceOffset(parsing: first), last: try SourceOffset(parsing: last),
                    maximumTimestampMs: 1)
                append.take(["0": range], against: try table.watermarks(of: "test"))
            }
            let report = try table.append(append)
            return [
                ("outcome", .string("\(report.outcome)")), ("files", .integer(report.addedFiles)),
                ("merged", .integer(report.mergedManifests)),
                ("merge-fault", report.mergeFault.map { .string("\($0)") } ?? .null),
            ]
        }

        private func expire(_ table: Table, _ call: JSONValue) throws -> Answer {
            let report = try table.expireSnapshots(
                nowMs: call["now"]?.integer,
                ExpiryOptions(
                    maximumAgeMs: call["age"]?.integer, minimumCount: call["minimum"]?.integer.map { Int($0) },
                    maximumCount: call["maximum"]?.integer.map { Int($0) },
                    minimumSupersededMs: call["superseded"]?.integer))
            return [
                ("expired", .array(report.expiredSnapshots.map { .integer($0) })),
                ("references", .array(report.removedReferences.map { .string($0) })),
                ("data-files", .integer(report.deletedDataFiles)),
                ("metadata-files", .integer(report.deletedMetadataFiles)),
                ("bytes", .integer(report.deletedBytes)),
                ("undeleted", .array(report.undeletedFiles.map { .string($0) })),
                ("fault", report.fault.map { .string("\($0)") } ?? .null), ("attempts", .integer(report.attempts)),
            ]
        }
    }

    private static func append(_ value: JSONValue, to column: Column, _ type: ColumnType) {
        switch (type, value) {
        case (.boolean, .bool(let value)): column.append(value)
        case (.int, .number(let text)): column.append(Int32(text) ?? 0)
        case (.long, .number(let text)): column.append(Int64(text) ?? 0)
        case (.float, .number(let text)): column.append(Float(text) ?? 0)
        case (.double, .number(let text)): column.append(Double(text) ?? 0)
        case (.date, .number(let text)): column.append(Int32(text) ?? 0)
        case (.timestamp, .number(let text)), (.timestamptz, .number(let text)): column.append(Int64(text) ?? 0)
        case (.string, .string(let text)): _ = column.append(text)
        default: column.appendNull()
        }
    }
}
