internal import Lake
internal import Simulation

/// The sensors' part of the demo: generated readings through kinesis-ingest, and the table that they become.
struct SensorDemo {
    let place: LakePlace
    let program: JobProgram
    let seed: UInt64
    let records: Int
    let batch: Int
    let isReplay: Bool

    func run() throws {
        let before = try SensorLake.state(place)
        let readings = SensorReadings(seed: seed)
        let start = isReplay ? 0 : before.nextRecord
        let range = start..<start + records
        announce(before, range)
        let events = stride(from: range.lowerBound, to: range.upperBound, by: batch).map { first in
            let records = first..<min(first + batch, range.upperBound)
            return DemoEvent(records: records.count) { GeneratedKinesisEvent.text(readings, records) }
        }
        let outcome = try DemoFeed(events: events).run(program, place)
        let after = try SensorLake.state(place)
        Console.print("", outcome.sentence, "")
        Console.print(try SensorReport.lines(place))
        try check(before, after, sent: range, readings)
    }

    private func announce(_ before: SensorLake, _ range: Range<Int>) {
        let what = "\(Quantity.counted(range.count, "record")) of seed \(seed) in batches of \(Quantity.grouped(batch))"
        if before.nextRecord == 0 {
            Console.print("Sending \(what) to kinesis-ingest.")
        } else if isReplay {
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
        _ before: SensorLake, _ after: SensorLake, sent: Range<Int>, _ readings: SensorReadings
    ) throws {
        let gain = SensorGain(sent: sent, before: before, readings)
        let (rows, letters) = (after.rows - before.rows, after.deadLetters - before.deadLetters)
        guard rows == gain.rows, letters == gain.deadLetters else {
            throw CommandFailure(
                "the lake gained \(rows) rows and \(letters) dead letters instead of \(gain.rows) and "
                    + "\(gain.deadLetters)" + likelyCause)
        }
        Console.print(gain.sentence)
    }

    /// Why a lake most likely lacks records that the function took: a definition that the readings do not fit.
    private var likelyCause: String {
        let path = place.settings.definitionPaths[0]
        let advice = "Set LAKE_DEFINITION to the lake.json that comes with swiftlake, and name another lake with --lake"
        guard let definition = try? place.definition() else { return "" }
        let table = definition.stream(kinesisARN: GeneratedKinesisEvent.streamARN)?.table
        guard let table, "\(table)" == SensorLake.readingsTable else {
            let place = table.map { "into \($0)" } ?? "nowhere"
            return ": \(path) takes the demo's stream \(place), not into \(SensorLake.readingsTable). \(advice)"
        }
        return ". Most likely \(path) declares other columns than the demo's readings have, so that other "
            + "records become dead letters. \(advice)"
    }
}
