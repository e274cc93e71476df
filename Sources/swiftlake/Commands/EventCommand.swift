internal import ArgumentParser
internal import Simulation

/// `swiftlake event`
struct EventCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "event",
        abstract: "Prints a Kinesis or Kafka event of generated records.",
        discussion: """
            The streams are those that demo sends: record n of a seed is always the same, and so is its shard sequence \
            number, or its partition and offset.

            STREAMS
              sensor-readings      Kinesis: readings of twelve devices, one each ten seconds
              coinbase-currencies  Kafka, three partitions: a bar of each of six assets every five seconds
              coinbase-trades      Kafka, three partitions: one trade a second

            EXAMPLES
              swiftlake event --records 5 --shard 1 > event.json
              swiftlake event --records 10000 | swiftlake invoke kinesis-ingest -
              swiftlake event --records 8 --bad-every 2
              swiftlake event --stream coinbase-trades --records 20 | swiftlake invoke kafka-ingest -
            """)

    /// A generated stream, named as in lake.json.
    enum Stream: String, CaseIterable, ExpressibleByArgument {
        case sensorReadings = "sensor-readings"
        case currencies = "coinbase-currencies"
        case trades = "coinbase-trades"
    }

    @Option(help: ArgumentHelp("Which stream.", valueName: "NAME"))
    var stream = Stream.sensorReadings

    @Option(help: ArgumentHelp("How many records.", valueName: "N"))
    var records = 5

    @Option(help: ArgumentHelp("Which record of the stream comes first, counted from 0.", valueName: "N"))
    var first = 0

    @Option(help: ArgumentHelp("What the records are made from.", valueName: "N"))
    var seed: UInt64 = 1

    @Option(help: ArgumentHelp("The shard's number, for Kinesis: 1 if not given; demo uses 0.", valueName: "N"))
    var shard: Int?

    @Option(name: .customLong("bad-every"), help: ArgumentHelp("About one record in this many is bad.", valueName: "N"))
    var badEvery: UInt64 = 800

    func validate() throws {
        guard 1...10_000 ~= records else { throw ValidationError("--records needs a number from 1 to 10000") }
        guard 0...1_000_000_000 ~= first else { throw ValidationError("--first needs a number from 0 to 1000000000") }
        guard shard.map({ 0...999_999 ~= $0 }) ?? true else {
            throw ValidationError("--shard needs a number from 0 to 999999")
        }
        guard shard == nil || stream == .sensorReadings else {
            throw ValidationError("--shard is for sensor-readings: a topic's key decides the partition")
        }
        guard 1...UInt64(Int64.max) ~= badEvery else {
            throw ValidationError("--bad-every needs a number from 1 to \(Int64.max)")
        }
    }

    func run() { Console.print(String(decoding: text, as: UTF8.self)) }

    private var text: [UInt8] {
        let range = first..<first + records
        switch stream {
        case .sensorReadings:
            return GeneratedKinesisEvent.text(
                SensorReadings(seed: seed, badRecordRate: badEvery), range,
                shard: GeneratedKinesisEvent.shardID(shard ?? 1), indentation: 2)
        case .currencies:
            let topic = QuoteRecords(seed: seed, badRecordRate: badEvery).topic
            return GeneratedKafkaEvent.text(topic, range, indentation: 2)
        case .trades:
            let topic = TradeRecords(seed: seed, badRecordRate: badEvery).topic
            return GeneratedKafkaEvent.text(topic, range, indentation: 2)
        }
    }
}
