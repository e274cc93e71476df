internal import ArgumentParser
internal import Foundation
internal import Lake

/// `swiftlake demo`
struct DemoCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract: "Generates records, feeds them to the real functions, and shows the tables they wrote.",
        discussion: """
            Two lakes in one, from 2026-01-05 00:00 UTC on.

            sensors  Twelve devices report every ten seconds to a Kinesis stream, for kinesis-ingest.
            crypto   bootstrap-tables makes the tables and the view, refresh-assets loads logos from a stand-in for \
            CoinAPI on this machine, and kafka-ingest takes bars of six assets every five seconds and one trade a second.

            About one record in 800 is bad and lands in lake_db.dead_letters. The same seed makes the same records. Run it \
            again and the streams go on where the lake ends; with --replay it sends the first records again, which adds \
            nothing.

            EXAMPLES
              swiftlake demo
              swiftlake demo --only sensors --records 100000 --batch 5000 --lake /tmp/lake
              swiftlake demo --only crypto --minutes 600 --query demo/query.sh
              swiftlake demo --replay

            EXIT CODES
              0   every record is in the lake, exactly once
              1   a function failed, or the lake does not hold what went in
              3   a function left records to be sent again
              64  wrong use
            """)

    /// A part of the demo.
    enum Part: String, CaseIterable, ExpressibleByArgument { case sensors, crypto }

    @Option(help: ArgumentHelp("Only this part.", valueName: "PART"))
    var only: Part?

    @Option(help: ArgumentHelp("How many sensor readings to send.", valueName: "N"))
    var records = 20_000

    @Option(help: ArgumentHelp("How many minutes of quotes and trades to send.", valueName: "N"))
    var minutes = 120

    @Option(help: ArgumentHelp("What the records are made from.", valueName: "N"))
    var seed: UInt64 = 1

    @Option(help: ArgumentHelp("Records an event, as a mapping's batch size.", valueName: "N"))
    var batch = 1000

    @Flag(help: "Send the streams' first records again instead of going on.")
    var replay = false

    @Option(
        help: ArgumentHelp(
            "The program that runs DuckDB, demo/query.sh: prices and the view are read with it.", valueName: "PATH"))
    var query: String?

    @Option(help: ArgumentHelp("kinesis-ingest's program; by default the one beside swiftlake.", valueName: "PATH"))
    var binary: String?

    @OptionGroup var lake: LakeOptions

    func validate() throws {
        guard 1...10_000_000 ~= records else { throw ValidationError("--records needs a number from 1 to 10000000") }
        guard 1...100_000 ~= minutes else { throw ValidationError("--minutes needs a number from 1 to 100000") }
        guard 1...10_000 ~= batch else {
            throw ValidationError("--batch needs a number from 1 to 10000, as Lambda has it")
        }
    }

    func run() throws {
        try reportingFailure {
            let place = try LakePlace.ofProcess(lake)
            func program(_ name: String, _ binary: String? = nil) throws -> JobProgram {
                try JobProgram(name, binary: binary, folder: LakePlace.executableDirectory)
            }
            // What is missing is said before anything is written.
            let sensors =
                only == .crypto
                ? nil
                : SensorDemo(
                    place: place, program: try program("kinesis-ingest", binary), seed: seed, records: records,
                    batch: batch, isReplay: replay)
            let crypto =
                only == .sensors
                ? nil
                : CryptoDemo(
                    place: place,
                    programs: CryptoDemo.Programs(
                        bootstrap: try program("bootstrap-tables"), assets: try program("refresh-assets"),
                        ingest: try program("kafka-ingest")),
                    seed: seed, minutes: minutes, batch: batch, isReplay: replay,
                    duckDB: query.map(DuckDBProgram.init(path:)))
            if let sensors {
                if crypto != nil { Console.print(Console.heading("SENSORS: a Kinesis stream into iot_db"), "") }
                try sensors.run()
            }
            if let crypto {
                if sensors != nil { Console.print("", Console.heading("CRYPTO: two Kafka topics into crypto_db"), "") }
                try crypto.run()
            }
        }
    }
}
