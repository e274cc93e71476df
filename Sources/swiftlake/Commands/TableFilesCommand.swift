internal import ArgumentParser
internal import Iceberg
internal import JSON

/// `swiftlake table files TABLE`
struct TableFilesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "files",
        abstract: "Shows the data files of a table's current snapshot, with partition, rows and size.")

    @Argument(help: ArgumentHelp("Such as iot_db.sensor_readings.", valueName: "table"))
    var table: String

    @Flag(help: "Show each column's lower and upper bound too. Manifests cut long texts.")
    var bounds = false

    @OptionGroup var options: TableOptions

    func run() throws {
        try options.inspect { lake in
            let table = try lake.table(named: self.table)
            let files = try table.files()
            Console.print(options.json ? Self.json(files, table) : Self.lines(files, table, bounds: bounds))
        }
    }

    static func lines(
        _ files: [InspectedFile], _ table: InspectedTable, bounds: Bool, wholePaths: Bool = true
    ) -> [String] {
        guard !files.isEmpty else { return ["The table has no data files yet."] }
        // Where all files were written under one spec, its names are the title and only values stand in the rows.
        let spec = Set(files.map(\.spec)).count == 1 ? files.first?.spec : nil
        let title = spec.map { $0.fields.map(\.name).joined(separator: " / ") } ?? ""
        var text = TextTable(
            ("#", .right), (title.isEmpty ? "partition" : title, .left), ("rows", .right), ("size", .right),
            ("file", .left))
        var values = TextTable(
            ("#", .right), ("column", .left), ("lower bound", .left), ("upper bound", .left),
            ("nulls", .right))
        for (index, file) in files.enumerated() {
            text.add([
                "\(index + 1)", title.isEmpty ? file.partition : file.partitionValues.joined(separator: " / "),
                Quantity.grouped(file.dataFile.recordCount),
                Quantity.bytes(file.dataFile.fileSizeInBytes),
                wholePaths ? relative(file.dataFile.filePath, table) : name(file.dataFile.filePath),
            ])
            for field in table.metadata.currentSchema?.fields ?? [] {
                let (lower, upper) = file.bounds(of: field)
                values.add([
                    "\(index + 1)", field.name, DatumText.text(lower), DatumText.text(upper),
                    file.dataFile.nullValueCounts[field.id].map(Quantity.grouped) ?? "",
                ])
            }
        }
        let rows = files.reduce(0) { $0 + $1.dataFile.recordCount }
        let bytes = files.reduce(0) { $0 + $1.dataFile.fileSizeInBytes }
        let total =
            "\(Quantity.counted(files.count, "file")), \(Quantity.counted(rows, "row")), \(Quantity.bytes(bytes))"
        return text.lines + [total, "under \(table.metadata.location)"] + (bounds ? [""] + values.lines : [])
    }

    private static func name(_ path: String) -> String { path.split(separator: "/").last.map(String.init) ?? path }

    /// The path below the table's location, where it lies there.
    static func relative(_ path: String, _ table: InspectedTable) -> String {
        let prefix = table.metadata.location + "/"
        return path.hasPrefix(prefix) ? String(path.dropFirst(prefix.count)) : path
    }

    static func json(_ files: [InspectedFile], _ table: InspectedTable) -> [String] {
        var writer = JSONWriter(indentation: 2)
        writer.array { writer in
            for file in files {
                writer.object { writer in
                    writer.member("path", file.dataFile.filePath)
                    writer.member("partition") { writer in
                        writer.object { writer in
                            for (field, value) in zip(file.spec.fields, file.dataFile.partition) {
                                // As the names of Iceberg's folders have it: 2026-01-05-13 for an hour.
                                let text = value.map { field.transform.humanString($0) }
                                writer.member(field.name, text.map { .string($0) } ?? .null)
                            }
                        }
                    }
                    writer.member("partitionRaw") { writer in
                        writer.object { writer in
                            for (field, value) in zip(file.spec.fields, file.dataFile.partition) {
                                writer.member(field.name, DatumText.json(value))
                            }
                        }
                    }
                    writer.member("rows", file.dataFile.recordCount)
                    writer.member("bytes", file.dataFile.fileSizeInBytes)
                    writer.member("columns") { writer in
                        writer.object { writer in
                            for field in table.metadata.currentSchema?.fields ?? [] {
                                let (lower, upper) = file.bounds(of: field)
                                writer.member(field.name) { writer in
                                    writer.object { writer in
                                        writer.member("lower", DatumText.json(lower))
                                        writer.member("upper", DatumText.json(upper))
                                        let nulls = file.dataFile.nullValueCounts[field.id]
                                        writer.member("nulls", nulls.map { .integer($0) } ?? .null)
                                    }
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
