internal import ArgumentParser
internal import Foundation
internal import Lake

/// `swiftlake up`
struct UpCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "up",
        abstract: "Runs the whole lake on this machine: simulators, streams, the real functions, and their tables.",
        discussion: """
            Streams, topics and schedules are those of lake.json. Simulators write to streams, each a log in the lake's \
            folder twin/streams; event source mappings give batches to the functions' own programs, as Lambda does; the \
            functions write the tables. It runs until Ctrl-C, which stops the simulators and waits until everything is in \
            the tables; a second Ctrl-C ends at once and says what is left. The next start goes on where the tables' \
            offsets say.

            EXAMPLES
              swiftlake up
              swiftlake up --rate 200 --seconds 60 --kill-every 20
              swiftlake up --lake /tmp/lake --plain --batch-size 500 --batch-window 2
              swiftlake up --kafka localhost:9092
              AWS_ENDPOINT_URL_KINESIS=http://localhost:5000 swiftlake up --kinesis
              swiftlake up --no-simulators

            EXIT CODES
              0   every record that was read or made is in the tables
              1   it could not start, or could not go on
              3   records are left in the streams: the next start takes them
              64  wrong use
            """)

    @Option(help: ArgumentHelp("Records a second that the simulators make in all.", valueName: "N"))
    var rate = 50

    @Option(help: ArgumentHelp("How long the simulators run; by default until Ctrl-C.", valueName: "SECONDS"))
    var seconds: Double?

    @Option(help: ArgumentHelp("How many devices the simulated readings are of.", valueName: "N"))
    var devices = 12

    @Option(help: ArgumentHelp("What the records, and the kills, are made from.", valueName: "N"))
    var seed: UInt64 = 1

    @Option(
        help: ArgumentHelp(
            "Kill a function at its work at random times that lie so far apart on average.", valueName: "SECONDS"))
    var killEvery: Double?

    @Option(
        help: ArgumentHelp("The cluster that topics are read from and written to: host:port,…", valueName: "BROKERS"))
    var kafka: String?

    @Flag(
        help: ArgumentHelp(
            "Read Kinesis streams from the service that AWS_REGION, or AWS_ENDPOINT_URL_KINESIS, names."))
    var kinesis = false

    @Flag(name: .customLong("no-simulators"), help: "Make no records: read what others put into the streams.")
    var withoutSimulators = false

    @Flag(help: "Print a line now and then instead of redrawing a screen.")
    var plain = false

    @OptionGroup(title: "Event source mappings") var mappings: MappingArguments

    @OptionGroup var lake: LakeOptions

    func validate() throws {
        guard 1...1_000_000 ~= rate else { throw ValidationError("--rate needs a number from 1 to 1000000") }
        if let seconds, !(seconds > 0 && seconds <= 31_536_000) {
            throw ValidationError("--seconds needs a number above 0, and a year at most")
        }
        guard 1...100_000 ~= devices else { throw ValidationError("--devices needs a number from 1 to 100000") }
        if let killEvery, !(killEvery >= 0.1 && killEvery <= 1_000_000) {
            throw ValidationError("--kill-every needs a number from 0.1 to 1000000")
        }
        if let kafka, Self.brokers(kafka) == nil {
            throw ValidationError("--kafka needs brokers such as localhost:9092, with commas between them")
        }
        try mappings.check()
    }

    func run() throws {
        try reportingFailure {
            let place = try LakePlace.ofProcess(lake)
            let options = TwinOptions(
                rate: rate, seconds: seconds, devices: devices, seed: seed, killEvery: killEvery,
                brokers: kafka.flatMap(Self.brokers), readsKinesis: kinesis, simulates: !withoutSimulators,
                isPlain: plain, mappings: mappings)
            try Twin(place, options, environment: ProcessInfo.processInfo.environment).run()
        }
    }

    /// The brokers of a list; nil if one has no host or no port.
    static func brokers(_ text: String) -> [String]? {
        let brokers = text.split(separator: ",", omittingEmptySubsequences: false).map {
            $0.trimmingCharacters(in: .whitespaces)
        }
        let isGood = brokers.allSatisfy { broker in
            guard let colon = broker.lastIndex(of: ":"), colon > broker.startIndex,
                let port = UInt16(broker[broker.index(after: colon)...])
            else { return false }
            return port > 0
        }
        return isGood ? brokers : nil
    }
}

/// How the event source mappings of a twin work; the names are AWS's own.
struct MappingArguments: ParsableArguments {
    @Option(help: ArgumentHelp("Records of a batch at most, from 1 to 10000 (BatchSize).", valueName: "N"))
    var batchSize = 1000

    @Option(
        help: ArgumentHelp(
            "How long a batch is gathered, from 0 to 300 (MaximumBatchingWindowInSeconds).", valueName: "SECONDS"))
    var batchWindow = 1.0

    @Option(
        help: ArgumentHelp(
            "How often a batch is tried again; by default without end (MaximumRetryAttempts).", valueName: "N"))
    var retries: Int?

    @Option(
        help: ArgumentHelp(
            "Records older than this are given up, from 60 on; by default never (MaximumRecordAgeInSeconds).",
            valueName: "SECONDS"))
    var maximumAge: Int?

    @Flag(help: "Halve a batch that failed (BisectBatchOnFunctionError).")
    var bisect = false

    @Option(help: ArgumentHelp("Among how many pollers a topic's partitions are split.", valueName: "N"))
    var pollers = 2

    @Option(help: ArgumentHelp("How long a function may take for a batch, up to 900.", valueName: "SECONDS"))
    var timeout = 60.0

    @Option(help: ArgumentHelp("How long Ctrl-C waits for what is left in the streams.", valueName: "SECONDS"))
    var drain = 60.0

    func check() throws {
        guard 1...10_000 ~= batchSize else {
            throw ValidationError("--batch-size needs a number from 1 to 10000, as Lambda has it")
        }
        guard 0...300 ~= batchWindow else {
            throw ValidationError("--batch-window needs a number from 0 to 300, as Lambda has it")
        }
        guard 0...10_000 ~= (retries ?? 0) else {
            throw ValidationError("--retries needs a number from 0 to 10000, as Lambda has it")
        }
        guard 60...604_800 ~= (maximumAge ?? 60) else {
            throw ValidationError("--maximum-age needs a number from 60 to 604800, as Lambda has it")
        }
        guard 1...64 ~= pollers else { throw ValidationError("--pollers needs a number from 1 to 64") }
        guard timeout > 0, timeout <= 900 else { throw ValidationError("--timeout needs a number from 0 to 900") }
        guard 0...86_400 ~= drain else { throw ValidationError("--drain needs a number from 0 to 86400") }
    }
}

/// What a local twin is asked to do.
struct TwinOptions {
    var rate = 50
    var seconds: Double?
    var devices = 12
    var seed: UInt64 = 1
    var killEvery: Double?
    /// Where topics are read from and written to; nil for logs on this machine.
    var brokers: [String]?
    var readsKinesis = false
    var simulates = true
    var isPlain = false
    var mappings: MappingArguments
}
