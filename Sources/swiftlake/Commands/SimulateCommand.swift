internal import ArgumentParser
internal import Simulation

/// `swiftlake simulate sensors|trades|quotes`
struct SimulateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate",
        abstract:
            "Makes records as sensors, traders and markets would, and puts them into Kafka, Kinesis or standard output.",
        discussion: """
            Records come as their time comes, until Ctrl-C, or as many as --seconds or --count say. Which they are follows \
            from time, seed, rate and devices alone: with --start they are the same in every run.

            EXAMPLES
              swiftlake simulate sensors --seconds 10
              swiftlake simulate sensors --rate 200 --devices 100 --kinesis sensor-readings
              swiftlake simulate trades --rate 50 --kafka localhost:9092
              swiftlake simulate quotes --start 2026-01-05T10:00:00Z --seconds 3600 --fast > quotes.ndjson

            EXIT CODES
              0   every record was put, also if Ctrl-C ended it
              1   some were not, or it could not start
              64  wrong use
            """,
        subcommands: [Sensors.self, Trades.self, Quotes.self])

    /// `swiftlake simulate sensors`
    struct Sensors: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Readings of devices: temperature, cpu, ram, hd, timestamp, timestamp_sent, id_device.",
            discussion: """
                One JSON object a reading, as the stream sensor-readings of lake.json has them, with the device as the \
                partition key. Devices report in turn.
                """)

        @Option(help: ArgumentHelp("How many devices report.", valueName: "N"))
        var devices = SensorReadings.demoDevices

        @Option(
            name: .customLong("anomaly-every"),
            help: ArgumentHelp(
                "With about one reading in this many an anomaly begins: heat, a full disk, a jump, a load, silence; 0 for none.",
                valueName: "N"))
        var anomalyEvery = 0

        @OptionGroup var simulation: SimulationArguments

        func validate() throws {
            guard 1...1_000_000 ~= devices else { throw ValidationError("--devices needs a number from 1 to 1000000") }
            guard 0...1_000_000_000 ~= anomalyEvery else {
                throw ValidationError("--anomaly-every needs a number from 0 to 1000000000")
            }
        }

        func run() throws {
            let readings = SensorReadings(
                seed: simulation.seed, devices: devices, pace: Pace(startMs: 0, perSecond: simulation.rate ?? 12),
                badRecordRate: simulation.badRecordRate, anomalyRate: UInt64(anomalyEvery))
            try simulation.run(readings.stream)
        }
    }

    /// `swiftlake simulate trades`
    struct Trades: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Trades of customers, each with a number of its own.",
            discussion: """
                One JSON object a trade, as the stream coinbase-trades of lake.json has them, keyed by the customer. Numbers \
                follow from the time, so that those of another run are others.
                """)

        @OptionGroup var simulation: SimulationArguments

        func run() throws {
            let trades = TradeRecords(
                seed: simulation.seed, pace: Pace(startMs: 0, perSecond: simulation.rate ?? 1), numbering: .time,
                badRecordRate: simulation.badRecordRate)
            try simulation.run(trades.stream)
        }
    }

    /// `swiftlake simulate quotes`
    struct Quotes: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Bars of a market, {\"bars\":{\"BTC/USD\":{…}}}, as poll-quotes puts them.",
            discussion: """
                One JSON object a bar, as the stream coinbase-currencies of lake.json has them, keyed by the symbol. Without \
                --rate there is one of each of the six assets every five seconds. About one bar in 600 is a quarter of an \
                hour old.
                """)

        @OptionGroup var simulation: SimulationArguments

        func run() throws {
            let assets = Int64(CryptoMarket.assets.count)
            let pace =
                simulation.rate.map { Pace(startMs: 0, records: Int64($0), periodUs: assets * 1_000_000) }
                ?? Pace(startMs: 0, records: 1, periodUs: 5_000_000)
            let quotes = QuoteRecords(seed: simulation.seed, pace: pace, badRecordRate: simulation.badRecordRate)
            try simulation.run(quotes.stream)
        }
    }
}
