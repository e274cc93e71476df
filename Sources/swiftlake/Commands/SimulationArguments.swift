internal import AWS
internal import ArgumentParser
internal import Foundation
internal import Simulation

/// The options that all simulators have.
struct SimulationArguments: ParsableArguments {
    @Option(help: ArgumentHelp("Records a second.", valueName: "N"))
    var rate: Int?

    @Option(help: ArgumentHelp("End after so much time.", valueName: "SECONDS"))
    var seconds: Double?

    @Option(help: ArgumentHelp("End after so many records.", valueName: "N"))
    var count: Int?

    @Option(help: ArgumentHelp("What the records are made from.", valueName: "N"))
    var seed: UInt64 = 1

    @Option(
        name: .customLong("bad-every"),
        help: ArgumentHelp("About one record in this many is bad; 0 for none.", valueName: "N"))
    var badEvery = 0

    @Option(
        help: ArgumentHelp(
            "The time of the first record, such as 2026-01-05T10:00:00Z, instead of now.", valueName: "TIME"))
    var start: String?

    @Flag(help: "Wait for no record's time: make all at once. Needs --seconds or --count.")
    var fast = false

    @Option(
        help: ArgumentHelp(
            "Put the records into this cluster: host:port,… KAFKA_SECURITY and its kin say how, as they do for jobs.",
            valueName: "BROKERS"))
    var kafka: String?

    @Option(help: ArgumentHelp("The topic, if it is not the one of lake.json.", valueName: "NAME"))
    var topic: String?

    @Option(
        help: ArgumentHelp(
            "Put the records into this Kinesis stream, a name or an ARN, of AWS_REGION or AWS_ENDPOINT_URL_KINESIS.",
            valueName: "STREAM"))
    var kinesis: String?

    var badRecordRate: UInt64 { UInt64(badEvery) }

    func validate() throws {
        if let rate, !(1...1_000_000 ~= rate) { throw ValidationError("--rate needs a number from 1 to 1000000") }
        if let seconds, !(seconds > 0 && seconds <= 31_536_000) {
            throw ValidationError("--seconds needs a number above 0, and a year at most")
        }
        if let count, count < 1 { throw ValidationError("--count needs a number above 0") }
        guard 0...1_000_000_000 ~= badEvery else {
            throw ValidationError("--bad-every needs a number from 0 to 1000000000")
        }
        guard !fast || seconds != nil || count != nil else {
            throw ValidationError("--fast needs --seconds or --count: there would be no end")
        }
        guard kafka == nil || kinesis == nil else { throw ValidationError("--kafka and --kinesis exclude each other") }
        guard topic == nil || kafka != nil else { throw ValidationError("--topic goes with --kafka") }
        if let start, Self.milliseconds(start) == nil {
            throw ValidationError("--start needs a time from 1970 on, such as 2026-01-05T10:00:00Z")
        }
    }

    /// Makes the records.
    func run(_ records: SimulatedStream) throws {
        try reportingFailure {
            // Before anything starts a thread, which would take the signals otherwise.
            let signals = StopSignals()
            let environment = ProcessInfo.processInfo.environment
            let target = try SimulationTarget.target(
                environment, kafka: kafka, topic: topic ?? records.name, kinesis: kinesis)
            let nowMs = SimulationFeed.nowMs()
            let startMs = start.flatMap(Self.milliseconds) ?? nowMs
            var feed = SimulationFeed(
                records, target, startMs: startMs, nowMs: nowMs, milliseconds: seconds.map { Int64($0 * 1000) },
                count: count, isFast: fast)
            let outcome = feed.run(signals)
            let isWhole = outcome.failed == 0
            Console.complain((isWhole ? "" : "swiftlake: ") + feed.sentence(target.name))
            guard isWhole else { throw ExitCode.failure }
        }
    }

    /// A time in milliseconds since the epoch; nil if it is none, or before 1970.
    static func milliseconds(_ text: String) -> Int64? {
        Timestamp.milliseconds(text).flatMap { $0 >= 0 ? $0 : nil }
    }
}
