internal import Iceberg

/// What the demo shows at its end. All of it is read back from the lake.
enum SensorReport {
    /// Snapshots and files that are shown.
    private static let shown = 6

    static func lines(_ place: LakePlace) throws -> [String] {
        let inspector = try LakeInspector(place)
        let tables = try inspector.tables()
        var lines = ["TABLES"] + (try TableListCommand.lines(tables))
        guard let readings = tables.first(where: { "\($0.identifier)" == SensorLake.readingsTable }) else {
            return lines
        }
        let history = readings.history()
        lines += ["", "SNAPSHOTS of \(readings.identifier), the newest"]
        lines += TableHistoryCommand.lines(Array(history.suffix(shown)), of: history.count)
        let files = try readings.files()
        lines += ["", "FILES of \(readings.identifier)" + (files.count > shown ? ", the last by partition" : "")]
        lines += TableFilesCommand.lines(Array(files.suffix(shown)), readings, bounds: false, wholePaths: false)
            .dropLast()
        if files.count > shown { lines.append("(\(Quantity.counted(files.count - shown, "more file")) not shown)") }
        // Files without a partition have nothing to be told apart by.
        if files.allSatisfy({ !$0.partition.isEmpty }) {
            let isByHour = files.allSatisfy { $0.spec.fields.map(\.name) == ["timestamp_sent_hour"] }
            let title = isByHour ? "ROWS BY HOUR SENT" : "ROWS BY PARTITION"
            lines += ["", "\(title), with the range of temperatures, both from the manifests"]
            lines += chart(files, readings.metadata)
        }
        return lines + [""] + next(place, readings)
    }

    /// One bar a partition: its rows, and the range of temperatures that its files' bounds give.
    static func chart(_ files: [InspectedFile], _ metadata: TableMetadata) -> [String] {
        let temperature = metadata.currentSchema?.field(named: "temperature")
        var bars: [BarChart.Bar] = []
        let partitions = Dictionary(grouping: files, by: \.partition).sorted { $0.key < $1.key }
        for (partition, files) in partitions {
            let rows = files.reduce(0) { $0 + $1.dataFile.recordCount }
            let bounds = temperature.map { field in files.map { $0.bounds(of: field) } } ?? []
            let least = bounds.compactMap(\.lower).min { $0.precedes($1) }
            let greatest = bounds.compactMap(\.upper).max { $0.precedes($1) }
            let range = least == nil ? "" : "  \(DatumText.text(least)) to \(DatumText.text(greatest)) °C"
            let label = partition.split(separator: "=").last.map(String.init) ?? partition
            bars.append(BarChart.Bar(label: label, value: Double(rows), note: Quantity.grouped(rows) + range))
        }
        return BarChart(bars: bars).lines
    }

    /// Where the lake lies, and how to go on.
    private static func next(_ place: LakePlace, _ readings: InspectedTable) -> [String] {
        let query =
            "INSTALL iceberg; LOAD iceberg; SELECT id_device, count(*), avg(temperature) "
            + "FROM iceberg_scan(\(ShellText.sql(readings.metadataLocation))) GROUP BY 1 ORDER BY 1"
        let files = place.catalogPath == nil ? readings.metadata.location : place.settings.warehouse
        var lines = [
            "The lake's catalog is \(place.catalogPath ?? place.name), and its files are under \(files).",
            "",
            "NEXT",
            "  " + place.command("table", "history", "\(readings.identifier)"),
            "  " + place.command("table", "files", SensorLake.deadLetterTable, "--bounds"),
        ]
        if let path = place.catalogPath {
            let script =
                "from pyiceberg.catalog.sql import SqlCatalog; "
                + "print(SqlCatalog('swiftlake', uri=\(ShellText.python("sqlite:///\(path)")))"
                + ".load_table('\(readings.identifier)').scan(limit=10).to_arrow())"
            lines += ["  duckdb -c \(ShellText.word(query))", "  python3 -c \(ShellText.word(script))"]
        }
        return lines + [""]
    }
}
