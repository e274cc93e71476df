internal import ArgumentParser
internal import Iceberg
internal import JSON

/// `swiftlake table history TABLE`
struct TableHistoryCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "history",
        abstract: "Shows a table's snapshots, oldest first, and the records that each took from its sources.",
        discussion: """
            Every snapshot tells the last record taken before it, and the first and last that it took. Where the record \
            taken before is the last one that the snapshots before took, the chain is whole; otherwise the line says \
            "gap". Commits of other engines take none and break no chain.
            """)

    @Argument(help: ArgumentHelp("Such as iot_db.sensor_readings.", valueName: "table"))
    var table: String

    @Option(help: ArgumentHelp("Show only this many snapshots, the newest.", valueName: "N"))
    var last: Int?

    @OptionGroup var options: TableOptions

    func validate() throws {
        if let last, last < 1 { throw ValidationError("--last needs a number of at least 1") }
    }

    func run() throws {
        try options.inspect { lake in
            let table = try lake.table(named: self.table)
            let history = table.history()
            let shown = Array(history.suffix(last ?? history.count))
            Console.print(options.json ? Self.json(shown, table) : Self.lines(shown, of: history.count))
        }
    }

    static func lines(_ history: [InspectedSnapshot], of total: Int) -> [String] {
        guard !history.isEmpty else { return ["The table has no snapshots yet."] }
        var text = TextTable(
            ("committed (UTC)", .left), ("snapshot", .right), ("operation", .left), ("rows added", .right),
            ("rows", .right), ("files", .right), ("taken from", .left), ("records", .left))
        let hasOneSource = Set(history.flatMap { $0.steps.map(\.source) }).count <= 1
        for entry in history {
            let snapshot = entry.snapshot
            let cells = [
                TimeText.second(snapshot.timestampMs), "\(snapshot.snapshotID)", snapshot.summary.operation,
                Quantity.grouped(entry.count("added-records") ?? 0),
                entry.count("total-records").map(Quantity.grouped) ?? "",
                entry.count("total-data-files").map(Quantity.grouped) ?? "",
            ]
            let steps = entry.steps
            text.add(cells + (steps.first.map { Self.cells(of: $0, hasOneSource) } ?? ["", ""]))
            for step in steps.dropFirst() {
                text.add(Array(repeating: " ", count: 6) + Self.cells(of: step, hasOneSource))
            }
        }
        let hidden = total - history.count
        return text.lines + (hidden > 0 ? ["(\(Quantity.counted(hidden, "older snapshot")) not shown)"] : [])
    }

    private static func cells(of step: InspectedSnapshot.Step, _ hasOneSource: Bool) -> [String] {
        let source = step.source.split(separator: "/").last.map(String.init) ?? step.source
        let mark = step.watermark
        let range = mark.first == mark.last ? short(mark.first) : "\(short(mark.first)) to \(short(mark.last))"
        return [hasOneSource ? step.shard : "\(source) \(step.shard)", range + (step.isWhole ? "" : "  gap")]
    }

    /// The end of a long sequence number: what differs.
    private static func short(_ offset: SourceOffset) -> String {
        let text = offset.description
        return text.count <= 20 ? text : "…" + text.suffix(8)
    }

    static func json(_ history: [InspectedSnapshot], _ table: InspectedTable) -> [String] {
        var writer = JSONWriter(indentation: 2)
        writer.array { writer in
            for entry in history {
                writer.object { writer in
                    // Texts: many JSON readers keep whole numbers only up to 2^53.
                    writer.member("snapshotID", "\(entry.snapshot.snapshotID)")
                    writer.member(
                        "parentSnapshotID", entry.snapshot.parentSnapshotID.map { .string("\($0)") } ?? .null)
                    writer.member("sequenceNumber", entry.snapshot.sequenceNumber)
                    writer.member("timestampMs", entry.snapshot.timestampMs)
                    writer.member("operation", entry.snapshot.summary.operation)
                    writer.member("isCurrent", entry.snapshot.snapshotID == table.metadata.currentSnapshotID)
                    writer.member("summary") { writer in
                        writer.object { writer in
                            for (name, value) in entry.snapshot.summary.properties.sorted(by: { $0.key < $1.key }) {
                                writer.member(name, value)
                            }
                        }
                    }
                    writer.member("taken") { writer in
                        writer.array { writer in
                            for step in entry.steps { write(step, to: &writer) }
                        }
                    }
                }
            }
        }
        return [writer.text]
    }

    private static func write(_ step: InspectedSnapshot.Step, to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("source", step.source)
            writer.member("shard", step.shard)
            writer.member("previous", step.watermark.previous.map { .string("\($0)") } ?? .null)
            writer.member("first", "\(step.watermark.first)")
            writer.member("last", "\(step.watermark.last)")
            writer.member("isWhole", step.isWhole)
        }
    }
}
