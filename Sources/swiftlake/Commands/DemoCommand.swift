internal import ArgumentParser
internal import Foundation
internal import Lake

/// `swiftlake demo`
struct DemoCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract: "Generates sensor readings, feeds them to the real function, and shows the tables it wrote.",
        discussion: """
            Twelve devices report every ten seconds from 2026-01-05 00:00 UTC on; about one record in 800 is bad and lands \
            in lake_db.dead_letters. The same seed makes the same readings. Run it again and the stream goes on where the \
            lake ends; with --replay it sends the first records again, which adds nothing.

            EXAMPLES
              swiftlake demo
              swiftlake demo --records 100000 --batch 5000 --lake /tmp/lake
              swiftlake demo --replay

            EXIT CODES
              0   every record is in the lake, exactly once
              1   the function failed, or the lake does not hold what went in
              3   the function left records to be sent again
              64  wrong use
            """)

    @Option(help: ArgumentHelp("How many records to send.", valueName: "N"))
    var records = 20_000

    @Option(help: ArgumentHelp("What the readings are made from.", valueName: "N"))
    var seed: UInt64 = 1

    @Option(help: ArgumentHelp("Records an event, as a mapping's batch size.", valueName: "N"))
    var batch = 1000

    @Flag(help: "Send the stream's first records again instead of going on.")
    var replay = false

    @Option(help: ArgumentHelp("The function's program; by default the one beside swiftlake.", valueName: "PATH"))
    var binary: String?

    @OptionGroup var lake: LakeOptions

    func validate() throws {
        guard 1...10_000_000 ~= records else { throw ValidationError("--records needs a number from 1 to 10000000") }
        guard 1...10_000 ~= batch else {
            throw ValidationError("--batch needs a number from 1 to 10000, as Lambda has it")
        }
    }

    func run() throws {
        try reportingFailure {
            let place = try LakePlace.ofProcess(lake)
            let program = try JobProgram("kinesis-ingest", binary: binary, folder: LakePlace.executableDirectory)
            let before = try DemoLake.state(place)
            let start = replay ? 0 : before.nextRecord
            let range = start..<start + records
            announce(before, range)
            let feed = DemoFeed(readings: SensorReadings(seed: seed), range: range, batch: batch)
            let outcome = try feed.run(program, place)
            let after = try DemoLake.state(place)
            Console.print("", outcome.sentence, "")
            Console.print(try DemoReport.lines(place))
            try check(before, after, sent: range, feed.readings, place)
        }
    }

    private func announce(_ before: DemoLake, _ range: Range<Int>) {
        let what = "\(Quantity.counted(range.count, "record")) of seed \(seed) in batches of \(Quantity.grouped(batch))"
        if before.nextRecord == 0 {
            Console.print("Sending \(what) to kinesis-ingest.")
        } else if replay {
            Console.print(
                "Sending the stream's first \(what): the lake has taken \(Quantity.grouped(before.nextRecord)) already."
            )
        } else {
            Console.print(
                "The lake holds \(Quantity.grouped(before.nextRecord)) records of this stream: going on with \(what).")
        }
    }

    /// Compares what the lake gained with what was sent and new to each of its two tables.
    private func check(
        _ before: DemoLake, _ after: DemoLake, sent: Range<Int>, _ readings: SensorReadings, _ place: LakePlace
    ) throws {
        let gain = DemoGain(sent: sent, before: before, readings)
        let (rows, letters) = (after.rows - before.rows, after.deadLetters - before.deadLetters)
        guard rows == gain.rows, letters == gain.deadLetters else {
            throw CommandFailure(
                "the lake gained \(rows) rows and \(letters) dead letters instead of \(gain.rows) and "
                    + "\(gain.deadLetters)" + Self.likelyCause(place))
        }
        Console.print(gain.sentence)
    }

    /// Why a lake most likely lacks records that the function took: a definition that the readings do not fit.
    private static func likelyCause(_ place: LakePlace) -> String {
        let path = place.settings.definitionPaths[0]
        let advice = "Set LAKE_DEFINITION to the lake.json that comes with swiftlake, and name another lake with --lake"
        guard let definition = try? DefinitionFile.read(place.settings.definitionPaths) else { return "" }
        let table = definition.stream(kinesisARN: GeneratedKinesisEvent.streamARN)?.table
        guard let table, "\(table)" == DemoLake.readingsTable else {
            let place = table.map { "into \($0)" } ?? "nowhere"
            return ": \(path) takes the demo's stream \(place), not into \(DemoLake.readingsTable). \(advice)"
        }
        return ". Most likely \(path) declares other columns than the demo's readings have, so that other "
            + "records become dead letters. \(advice)"
    }
}
