internal import Foundation
internal import JSON
internal import Lake
internal import Simulation

/// The market's part of the demo: tables and a view, logos, and hours of generated quotes and trades, each through the
/// function that makes it.
struct CryptoDemo {
    /// The functions.
    struct Programs {
        let bootstrap: JobProgram
        let assets: JobProgram
        let ingest: JobProgram
    }

    let place: LakePlace
    let programs: Programs
    let seed: UInt64
    let minutes: Int
    let batch: Int
    let isReplay: Bool
    /// What runs DuckDB; nil if nothing can.
    let duckDB: DuckDBProgram?

    /// What names the schedule's execution: the same every time, so that its logos come once.
    private static let executionID = "swiftlake-demo"

    func run() throws {
        let definition = try place.definition()
        try Self.require(definition, place)
        let (quotes, trades) = (QuoteRecords(seed: seed), TradeRecords(seed: seed))
        try bootstrap()
        let before = try CryptoLake.state(place)
        let expectedLogos = try refreshAssets()
        let sent = try feed(before, quotes, trades)
        let after = try CryptoLake.state(place)
        let gain = CryptoGain(
            before, sent: sent, quotes, trades,
            window: definition.streams.first { "\($0.table)" == CryptoLake.quotesTable }?.window ?? .standard)
        let report = CryptoReport(place: place, trades: trades, gain: gain)
        Console.print(try report.tables())
        Console.print(try duckDB.map(report.answers) ?? report.withoutDuckDB())
        Console.print(report.next())
        try gain.check(before, after, logos: expectedLogos)
        Console.print(gain.sentence(isReplay: isReplay))
    }

    /// Makes or evolves databases, tables and views.
    private func bootstrap() throws {
        let reply = try invoke(programs.bootstrap, "{}")
        func count(_ action: String) -> Int64 { reply["\(action)"]?.integer ?? 0 }
        var parts: [String] = []
        for (action, word) in [("created", "made"), ("evolved", "changed"), ("unchanged", "as they should be already")]
        {
            if count(action) > 0 { parts.append("\(Quantity.grouped(count(action))) \(word)") }
        }
        let kinds = ["databases", "tables", "views"].map { kind in
            Quantity.counted(reply[kind]?.elements?.count ?? 0, String(kind.dropLast()))
        }
        Console.print("bootstrap-tables   \(kinds.joined(separator: ", ")): \(parts.joined(separator: ", "))")
    }

    /// Loads logos from a stand-in for CoinAPI.
    /// - Returns: how many must have come.
    private func refreshAssets() throws -> Int {
        let logos = GeneratedLogos(seed: seed)
        let server = try LogoServer(logos.text)
        defer { server.stop() }
        let reply = try invoke(
            programs.assets, #"{"executionId":"\#(Self.executionID)"}"#,
            ["COINAPI_URL": server.url, "COINAPI_KEY": "demo"])
        let count = Int(reply["logos"]?.integer ?? 0)
        if reply["replayed"]?.bool == true {
            Console.print("refresh-assets     nothing to add: the logos of this execution are in the table already")
            return 0
        }
        let dropped = reply["dropped"]?.integer ?? 0
        Console.print(
            "refresh-assets     \(Quantity.counted(count, "logo")) in one commit; \(Quantity.grouped(dropped)) entries "
                + "without an asset or an address were dropped")
        guard count == logos.logoCount, dropped == logos.droppedCount else {
            throw CommandFailure(
                "refresh-assets took \(count) logos and dropped \(dropped) entries instead of \(logos.logoCount) and "
                    + "\(logos.droppedCount)")
        }
        return count
    }

    /// Sends both topics, in the order of time.
    private func feed(
        _ before: CryptoLake, _ quotes: QuoteRecords, _ trades: TradeRecords
    ) throws -> CryptoGain.Sent {
        let milliseconds = Int64(minutes) * 60_000
        let quoteStart = isReplay ? 0 : before.quotes.nextRecord(of: quotes.topic)
        let tradeStart = isReplay ? 0 : before.trades.nextRecord(of: trades.topic)
        let sent = CryptoGain.Sent(
            quotes: quoteStart..<quoteStart + quotes.count(ofMs: milliseconds),
            trades: tradeStart..<tradeStart + trades.count(ofMs: milliseconds))
        announce(sent, isNew: quoteStart == 0 && tradeStart == 0)
        func events(_ topic: GeneratedTopic, _ range: Range<Int>) -> [(timeMs: Int64, event: DemoEvent)] {
            stride(from: range.lowerBound, to: range.upperBound, by: batch).map { first in
                let records = first..<min(first + batch, range.upperBound)
                return (
                    topic.record(records.upperBound - 1).timestampMs,
                    DemoEvent(records: records.count) { GeneratedKafkaEvent.text(topic, records) }
                )
            }
        }
        let all = (events(quotes.topic, sent.quotes) + events(trades.topic, sent.trades)).sorted {
            $0.timeMs < $1.timeMs
        }
        let outcome = try DemoFeed(events: all.map(\.event)).run(programs.ingest, place)
        Console.print("", outcome.sentence, "")
        return sent
    }

    private func announce(_ sent: CryptoGain.Sent, isNew: Bool) {
        let what =
            "\(Quantity.counted(minutes, "minute")) of quotes and trades, seed \(seed): "
            + "\(Quantity.grouped(sent.quotes.count)) and \(Quantity.counted(sent.trades.count, "record"))"
        let how = isNew ? "" : isReplay ? ", the topics' first again" : ", going on where the lake ends"
        Console.print("kafka-ingest       \(what)\(how)")
    }

    private func invoke(
        _ program: JobProgram, _ event: String, _ variables: [String: String] = [:]
    ) throws -> JSONValue {
        let environment = try program.environment(place, inherited: ProcessInfo.processInfo.environment)
        let runtime = try LocalRuntime(
            executable: program.path, environment: environment.merging(variables) { $1 }, timeoutSeconds: 60)
        defer { runtime.stop() }
        let report = try runtime.invoke(Array(event.utf8))
        try report.requireSuccess(program.name)
        guard case .response(let bytes) = report.outcome, let reply = try? JSONValue(parsing: bytes) else {
            throw CommandFailure("\(program.name) gave no answer in JSON")
        }
        return reply
    }

    /// Refuses a definition that the generated records do not fit.
    private static func require(_ definition: LakeDefinition, _ place: LakePlace) throws {
        let tables = [
            (QuoteRecords.topicName, CryptoLake.quotesTable), (TradeRecords.topicName, CryptoLake.tradesTable),
        ]
        for (topic, table) in tables {
            let stream = definition.stream(
                kafkaTopic: topic, clusterARN: GeneratedKafkaEvent.clusterARN, bootstrapServers: [])
            if stream.map({ "\($0.table)" == table }) == true { continue }
            throw CommandFailure(
                "\(place.settings.definitionPaths[0]) does not take the topic \(topic) into \(table), as the demo of the "
                    + "market needs: set LAKE_DEFINITION to the lake.json that comes with swiftlake, or run the demo with "
                    + "--only sensors")
        }
    }
}
