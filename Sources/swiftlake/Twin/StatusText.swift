/// A local twin's state for people: a screen, or a line.
struct StatusText {
    let status: TwinStatus

    /// The screen's lines.
    var screen: [String] {
        let what =
            switch status.phase {
            case .running: "Ctrl-C ends it once everything is in the tables"
            case .draining: "draining: \(Quantity.counted(status.lag, "record")) left; Ctrl-C ends it now"
            case .ending: "ending"
            }
        var lines = [Console.heading("swiftlake up  \(status.lake)"), "\(Self.clock(status.seconds))  \(what)", ""]
        lines += consumers + [""] + tables + [""]
        lines.append(
            "dead letters \(Quantity.grouped(status.deadLetters))   alerts \(Quantity.grouped(status.alerts))"
                + (status.discarded > 0 ? "   given up \(Quantity.grouped(status.discarded))" : ""))
        return lines + status.events.map { "  " + $0 }
    }

    private var consumers: [String] {
        var table = TextTable(
            ("STREAM", .left), ("IN/S", .right), ("FUNCTION", .left), ("OUT/S", .right), ("LAG", .right),
            ("OLDEST", .right), ("TAKEN", .right), ("BATCHES", .right), ("RETRIES", .right), ("RESTARTS", .right),
            ("KILLS", .right), ("MEMORY", .right))
        for stream in status.streams {
            let consumers = status.consumers.filter { $0.stream == stream.name }
            let rate = Quantity.fixed(stream.madePerSecond, 0)
            if consumers.isEmpty { table.add([stream.name, rate]) }
            for (place, consumer) in consumers.enumerated() {
                table.add([
                    place == 0 ? stream.name : " ", place == 0 ? rate : " ", consumer.job,
                    Quantity.fixed(consumer.takenPerSecond, 0), Quantity.grouped(consumer.lag),
                    consumer.oldestMs.map { Self.age($0) } ?? "", Quantity.grouped(consumer.taken),
                    Quantity.grouped(consumer.invocations), Quantity.grouped(consumer.failures),
                    Quantity.grouped(consumer.restarts), Quantity.grouped(consumer.kills),
                    consumer.memoryBytes > 0 ? Quantity.bytes(Int64(consumer.memoryBytes)) : "",
                ])
            }
        }
        return table.lines
    }

    private var tables: [String] {
        var table = TextTable(("TABLE", .left), ("ROWS", .right), ("NEW", .right), ("COMMITS", .right))
        for entry in status.tables {
            table.add([
                entry.name, Quantity.grouped(entry.rows), Quantity.grouped(entry.newRows),
                Quantity.grouped(entry.commits),
            ])
        }
        return table.lines
    }

    /// One line, for a log.
    var line: String {
        let (made, taken) = (
            status.streams.reduce(0) { $0 + $1.madePerSecond }, status.consumers.reduce(0) { $0 + $1.takenPerSecond }
        )
        var parts = [
            Self.clock(status.seconds), "in \(Quantity.fixed(made, 0))/s", "out \(Quantity.fixed(taken, 0))/s",
            "lag \(Quantity.grouped(status.lag))" + (oldestMs.map { " (\(Self.age($0)))" } ?? ""),
            "rows \(Quantity.grouped(status.tables.reduce(0) { $0 + $1.newRows }))",
            "commits \(Quantity.grouped(status.tables.reduce(0) { $0 + $1.commits }))",
            "dead letters \(Quantity.grouped(status.deadLetters))", "alerts \(Quantity.grouped(status.alerts))",
            "retries \(Quantity.grouped(status.failures))", "restarts \(Quantity.grouped(status.restarts))",
            "kills \(Quantity.grouped(status.kills))",
        ]
        if status.discarded > 0 { parts.append("given up \(Quantity.grouped(status.discarded))") }
        if status.phase == .draining { parts.append("draining") }
        return parts.joined(separator: "  ")
    }

    private var oldestMs: Int64? { status.consumers.compactMap(\.oldestMs).max() }

    /// `0.8 s`, `12 s`, `3 min`, `2 h`.
    static func age(_ milliseconds: Int64) -> String {
        switch max(0, milliseconds) {
        case let age where age < 10_000: "\(Quantity.fixed(Double(age) / 1000, 1)) s"
        case let age where age < 120_000: "\(age / 1000) s"
        case let age where age < 7_200_000: "\(age / 60_000) min"
        case let age: "\(Quantity.grouped(age / 3_600_000)) h"
        }
    }

    /// `0:01:05`
    static func clock(_ seconds: Double) -> String {
        let whole = Int(max(0, seconds))
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return "\(whole / 3600):\(two(whole / 60 % 60)):\(two(whole % 60))"
    }
}
