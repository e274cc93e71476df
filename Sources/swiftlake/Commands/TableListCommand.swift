internal import ArgumentParser
internal import Iceberg
internal import JSON

/// `swiftlake table list`
struct TableListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Lists the tables with their rows, data files and snapshots.")

    @OptionGroup var options: TableOptions

    func run() throws {
        try options.inspect { lake in
            let tables = try lake.tables()
            Console.print(options.json ? try Self.json(tables) : try Self.lines(tables))
        }
    }

    static func lines(_ tables: [InspectedTable]) throws -> [String] {
        guard !tables.isEmpty else { return ["The lake has no tables yet."] }
        var text = TextTable(
            ("table", .left), ("rows", .right), ("files", .right), ("size", .right), ("snapshots", .right),
            ("last commit (UTC)", .left))
        for table in tables {
            let metadata = table.metadata
            text.add([
                "\(table.identifier)", Quantity.grouped(try table.rowCount()), Quantity.grouped(try table.fileCount()),
                Quantity.bytes(try table.files().reduce(0) { $0 + $1.dataFile.fileSizeInBytes }),
                Quantity.grouped(metadata.snapshots.count),
                metadata.currentSnapshot.map { TimeText.second($0.timestampMs) } ?? "",
            ])
        }
        return text.lines
    }

    static func json(_ tables: [InspectedTable]) throws -> [String] {
        var writer = JSONWriter(indentation: 2)
        try writer.array { writer in
            for table in tables {
                let (rows, files) = (try table.rowCount(), try table.files())
                writer.object { writer in
                    writer.member("table", "\(table.identifier)")
                    writer.member("rows", rows)
                    writer.member("files", files.count)
                    writer.member("bytes", files.reduce(0) { $0 + $1.dataFile.fileSizeInBytes })
                    writer.member("snapshots", table.metadata.snapshots.count)
                    writer.member(
                        "currentSnapshotID", table.metadata.currentSnapshotID.map { .string("\($0)") } ?? .null)
                    writer.member("lastUpdatedMs", table.metadata.lastUpdatedMs)
                    writer.member("metadataLocation", table.metadataLocation)
                }
            }
        }
        return [writer.text]
    }
}
