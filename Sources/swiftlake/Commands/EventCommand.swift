internal import ArgumentParser

/// `swiftlake event`
struct EventCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "event",
        abstract: "Prints a Kinesis event of generated sensor readings.",
        discussion: """
            The stream is the one that demo sends: record n of a seed is always the same, and so is its shard sequence \
            number.

            EXAMPLES
              swiftlake event --records 5 --shard 1 > event.json
              swiftlake event --records 10000 | swiftlake invoke kinesis-ingest -
              swiftlake event --records 8 --bad-every 2
            """)

    @Option(help: ArgumentHelp("How many records.", valueName: "N"))
    var records = 5

    @Option(help: ArgumentHelp("Which record of the stream comes first, counted from 0.", valueName: "N"))
    var first = 0

    @Option(help: ArgumentHelp("What the readings are made from.", valueName: "N"))
    var seed: UInt64 = 1

    @Option(help: ArgumentHelp("The shard's number; demo uses 0.", valueName: "N"))
    var shard = 1

    @Option(name: .customLong("bad-every"), help: ArgumentHelp("About one record in this many is bad.", valueName: "N"))
    var badEvery: UInt64 = 800

    func validate() throws {
        guard 1...10_000 ~= records else { throw ValidationError("--records needs a number from 1 to 10000") }
        guard 0...1_000_000_000 ~= first else { throw ValidationError("--first needs a number from 0 to 1000000000") }
        guard 0...999_999 ~= shard else { throw ValidationError("--shard needs a number from 0 to 999999") }
        guard badEvery > 0 else { throw ValidationError("--bad-every needs a number of at least 1") }
    }

    func run() {
        let readings = SensorReadings(seed: seed, badRecordRate: badEvery)
        let text = GeneratedKinesisEvent.text(
            readings, first..<first + records, shard: GeneratedKinesisEvent.shardID(shard), indentation: 2)
        Console.print(String(decoding: text, as: UTF8.self))
    }
}
