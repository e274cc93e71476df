internal import AWS
internal import Calendar
internal import EventSources
internal import Foundation
internal import Iceberg
internal import JSON
internal import Kafka
internal import Lake
internal import Producers

/// Everything that a twin runs, made ready: tables, streams, mappings, simulators, schedules.
final class TwinSetup {
    unowned let twin: Twin
    /// The streams that run.
    private(set) var sources: [TwinSource] = []
    /// What each mapping's thread does.
    private(set) var runs: [@Sendable () -> Void] = []
    var simulators: [SimulatorRun] = []
    var schedules: [ScheduleRun] = []
    /// Looks at the tables.
    let monitor: TableMonitor

    private let tables: [InspectedTable]
    private(set) var streams: [String: LocalStream] = [:]
    private(set) var kafka: KafkaSettings?
    private(set) var kinesis: KinesisService?
    /// Of each stream of a service, what each of its functions has read to the end.
    private var finished: [String: [String: FinishedShards]] = [:]
    private var isRunning = false
    /// Shards of a service that have their mappings.
    private var shards: [String: Set<String>] = [:]

    var definition: LakeDefinition { twin.definition }
    var options: TwinOptions { twin.options }

    /// Makes tables and streams, and looks where everything goes on. Says what runs and what does not.
    init(_ twin: Twin) throws {
        self.twin = twin
        let isKafka = twin.definition.streams.contains(where: \.isOfKafka)
        let isKinesis = twin.definition.streams.contains { !$0.isOfKafka }
        try twin.programs.require(
            ["bootstrap-tables"] + (isKinesis ? ["kinesis-ingest"] : []) + (isKafka ? ["kafka-ingest"] : []))
        try Self.bootstrap(twin)
        tables = try LakeInspector(twin.place).tables()
        monitor = try TableMonitor(twin.place, tables)
        try findSources()
        for source in sources { try open(source) }
        try makeSimulators()
        try makeSchedules()
        Console.print("")
        isRunning = true
    }

    /// Makes or evolves databases, tables and views.
    private static func bootstrap(_ twin: Twin) throws {
        guard let program = twin.programs["bootstrap-tables"] else { return }
        let runtime = try LocalRuntime(
            executable: program.path, environment: program.environment(twin.place, inherited: twin.environment),
            timeoutSeconds: 120)
        defer { runtime.stop() }
        let report = try runtime.invoke(Array("{}".utf8))
        try report.requireSuccess(program.name)
        guard case .response(let bytes) = report.outcome, let reply = try? JSONValue(parsing: bytes) else { return }
        let counts = [("created", "made"), ("evolved", "changed"), ("unchanged", "as they should be")].compactMap {
            (action, word) in (reply[action]?.integer).flatMap { $0 > 0 ? "\(Quantity.grouped($0)) \(word)" : nil }
        }
        say("bootstrap-tables", "databases, tables and views: \(counts.joined(separator: ", "))")
    }

    /// A line of what runs: a name, and what is said of it.
    static func say(_ name: String, _ text: String) {
        Console.print(name + String(repeating: " ", count: max(2, 22 - name.count)) + text)
    }

    // MARK: - Streams

    private func findSources() throws {
        if let brokers = options.brokers { kafka = try Self.settings(brokers, twin) }
        var arns: [String: String] = [:]
        if options.readsKinesis {
            let service = try KinesisService(twin.environment)
            kinesis = service
            let client = service.client()
            for case .kinesisName(let name) in definition.streams.map(\.source) {
                do throws(ServiceError) {
                    arns[name] = try client.arn(of: name)
                } catch {
                    throw Self.unreachable(name, error)
                }
            }
        }
        let found = TwinSource.all(
            of: definition, brokers: options.brokers, kinesisARN: options.readsKinesis ? { arns[$0] ?? "" } : nil)
        sources = found.sources
        for (stream, reason) in found.left { Self.say(stream, "off: \(reason)") }
        guard !sources.isEmpty else {
            throw CommandFailure("\(twin.place.settings.definitionPaths[0]) has no stream that could run here")
        }
    }

    /// How the cluster is reached: as producing jobs are told, by the variables KAFKA_….
    private static func settings(_ brokers: [String], _ twin: Twin) throws -> KafkaSettings {
        var environment = twin.environment.merging(twin.place.functionEnvironment) { $1 }
        environment["KAFKA_BOOTSTRAP_SERVERS"] = brokers.joined(separator: ",")
        environment["AWS_LAMBDA_FUNCTION_NAME"] = nil
        do {
            let services = try LakeServices(
                environment: environment, currentDirectory: FileManager.default.currentDirectoryPath,
                executableDirectory: LakePlace.executableDirectory)
            return try KafkaConfiguration(environment).settings(services)
        } catch let error as ConfigurationError {
            throw CommandFailure(error.description)
        }
    }

    private static func unreachable(_ stream: String, _ error: ServiceError) -> CommandFailure {
        let advice =
            error.kind == .notFound
            ? ". Make it, for example with `aws kinesis create-stream --stream-name \(stream) --shard-count 1`" : ""
        return CommandFailure("the Kinesis stream \(stream) cannot be read: \(error)\(advice)")
    }

    /// Makes the mappings of a source.
    private func open(_ source: TwinSource) throws {
        switch source.place {
        case .local: try openLocal(source)
        case .kafka: try openTopic(source)
        case .kinesis: try openShards(source)
        }
    }

    private func openLocal(_ source: TwinSource) throws {
        let isAlone = sources.count { $0.name == source.name && $0.place == .local } == 1
        let parent = isAlone ? twin.folder.streams : "\(twin.folder.streams)/\(source.stream.name).of"
        let stream: LocalStream
        do throws(EventSourceError) {
            stream = try LocalStream(
                name: source.name,
                kind: source.stream.isOfKafka
                    ? .kafka(partitions: source.shards.count) : .kinesis(shards: source.shards.count),
                in: parent)
        } catch {
            throw CommandFailure("\(error)")
        }
        streams[source.stream.name] = stream
        try requireLog(stream, of: source)
        let mappings = announced(source, shards: stream.shards)
        for mapping in mappings {
            try add(mapping, stream, from: try positions(of: mapping))
        }
    }

    /// Refuses tables that have records which the stream does not: its log was deleted, or is another lake's.
    private func requireLog(_ stream: LocalStream, of source: TwinSource) throws {
        for table in tables {
            for marks in try table.watermarks()
            where marks.source == source.identity || marks.source.hasPrefix(source.identity + "#") {
                let own = stream.shards.filter { marks.shards[$0] != nil }
                let resume = ResumePositions(marks, shards: own, isOfKafka: source.stream.isOfKafka)
                for shard in own {
                    let next = resume.next[shard]
                    if let next, next <= (try stream.end(of: shard)) { continue }
                    let count = next.map { "\(Quantity.grouped($0)) records" } ?? "records"
                    throw CommandFailure(
                        "\(table.identifier) has taken \(count) of \(shard) of \(source.stream.name), and the log has "
                            + "\(Quantity.grouped(try stream.end(of: shard))): the folder \(twin.folder.streams) was "
                            + "deleted or is another lake's. Put it back, or name another lake with --lake DIR")
                }
            }
        }
    }

    private func openTopic(_ source: TwinSource) throws {
        guard let kafka else { return }
        let partitions: [Int32]
        do throws(KafkaError) {
            partitions = try KafkaConsumer(kafka).partitions(of: source.name, withinMs: 10_000)
        } catch {
            let advice =
                error.code == .unknownTopic ? ". Make it with bootstrap-topics, or with the cluster's own tools" : ""
            throw CommandFailure("the topic \(source.name) cannot be read: \(error)\(advice)")
        }
        for mapping in announced(source, shards: partitions.map { "\(source.name)-\($0)" }) {
            let positions = try positions(of: mapping)
            let reader: KafkaSource
            do {
                reader = try KafkaSource(kafka, topic: source.name, positions: positions) { [control = twin.control] in
                    control.note($0)
                }
            } catch let error as KafkaError {
                throw CommandFailure("the topic \(source.name) cannot be read: \(error)")
            }
            // What the cluster has dropped meanwhile cannot come.
            let starts = try positions.map { shard, offset in (shard, max(offset, try reader.start(of: shard))) }
            try add(mapping, reader, from: Dictionary(uniqueKeysWithValues: starts))
        }
    }

    // MARK: - Shards of a service

    /// Whether further shards may come while the twin runs.
    var mayGrow: Bool { kinesis != nil && sources.contains { $0.place == .kinesis } }

    private func openShards(_ source: TwinSource) throws {
        guard let arn = source.arn, let service = kinesis else { return }
        let found: [Kinesis.Shard]
        do throws(ServiceError) {
            found = try service.client().shards(of: source.reference)
        } catch {
            throw Self.unreachable(source.name, error)
        }
        let closed = Set(found.filter(\.isClosed).map(\.id))
        for readers in (finished[arn] ?? [:]).values { readers.close(closed) }
        let known = shards[arn] ?? []
        let new = found.filter { !known.contains($0.id) }
        guard !new.isEmpty else { return }
        shards[arn] = known.union(new.map(\.id))
        for mapping in announced(source, shards: new.map(\.id)) {
            guard let shard = new.first(where: { mapping.shards == [$0.id] }) else { continue }
            let readers = finished[arn]?[mapping.job] ?? FinishedShards()
            readers.close(closed)
            finished[arn, default: [:]][mapping.job] = readers
            let last = try marks(of: mapping)?.shards[shard.id]?.last.description
            let reader = KinesisSource(
                service.client(), stream: source.reference, shard: shard, after: last, known: Set(found.map(\.id)),
                finished: readers)
            try add(mapping, reader, from: [shard.id: 0])
        }
    }

    /// What reads shards that have come since, by splitting or merging.
    func furtherShards() throws -> [@Sendable () -> Void] {
        let before = runs.count
        for source in sources where source.place == .kinesis {
            do {
                try openShards(source)
            } catch {
                twin.control.note("\(error)")
            }
        }
        return Array(runs[before...])
    }

    // MARK: - Mappings

    /// The mappings of a source, and a line for each of its consumers.
    private func announced(_ source: TwinSource, shards: [String]) -> [TwinMapping] {
        var jobs: Set<String> = ["kinesis-ingest", "kafka-ingest"]
        let optional = [
            ("detect-anomalies", source.stream.alerts != nil, nil),
            (
                "kafka-elastic", source.stream.index != nil && source.stream.isOfKafka,
                (twin.environment["ELASTICSEARCH_URL"] ?? "").isEmpty ? "it needs an index: set ELASTICSEARCH_URL" : nil
            ),
        ]
        for (job, isWanted, reason) in optional where isWanted {
            if let reason = reason ?? (twin.programs[job] == nil ? FunctionPrograms.missing(job) : nil) {
                tell(source.stream.name, "\(job) is off: \(reason)")
            } else {
                jobs.insert(job)
            }
        }
        let mappings = TwinMapping.all(
            of: source, shards: shards, pollers: options.mappings.pollers, jobs: jobs, definition)
        for job in Set(mappings.map(\.job)).sorted() {
            let count = mappings.count { $0.job == job }
            let what = Quantity.counted(shards.count, source.stream.isOfKafka ? "partition" : "shard")
            tell(
                source.stream.name, "\(what) to \(job)" + (count > 1 ? " in \(count) environments" : ""))
        }
        return mappings
    }

    /// Says it before the screen begins, and on the screen from then on.
    private func tell(_ name: String, _ text: String) {
        if isRunning { twin.control.note("\(name): \(text)") } else { Self.say(name, text) }
    }

    private func marks(of mapping: TwinMapping) throws -> Watermarks? {
        guard case .table(let identifier, let source) = mapping.progress else { return nil }
        return try tables.first { $0.identifier == identifier }?.watermarks().first { $0.source == source }
    }

    private func file(of mapping: TwinMapping) -> PositionFile? {
        guard mapping.progress == .file else { return nil }
        let shard = mapping.source.stream.isOfKafka ? "\(mapping.poller)" : mapping.shards.joined()
        return PositionFile(path: "\(twin.folder.positions)/\(mapping.fileName)-\(shard).json")
    }

    /// The next offset of each shard.
    private func positions(of mapping: TwinMapping) throws -> [String: Int64] {
        if let file = file(of: mapping) {
            let kept = try file.read()
            return Dictionary(uniqueKeysWithValues: mapping.shards.map { ($0, kept[$0] ?? 0) })
        }
        let resume = ResumePositions(
            try marks(of: mapping), shards: mapping.shards, isOfKafka: mapping.source.stream.isOfKafka)
        return resume.next
    }

    private func add(_ mapping: TwinMapping, _ source: any EventSource, from positions: [String: Int64]) throws {
        guard let program = twin.programs[mapping.job] else { return }
        let board = LaneBoard(mapping)
        let number = twin.lanes.add(board)
        let settings = mappingOptions(mapping)
        let (seed, shards) = (options.seed &+ UInt64(number), mapping.shards)
        let arn = "arn:aws:lambda:local:000000000000:function:\(mapping.job)"
        let origin = mapping.source
        let (log, name) = (twin.log, "\(mapping.job)/\(shards.joined(separator: ","))")
        let lane = Lane(
            board: board, control: twin.control, source: source, program: program.path,
            environment: try program.environment(twin.place, inherited: twin.environment),
            timeoutSeconds: options.mappings.timeout,
            // Records must not look older than they are to a mapping that gives old ones up.
            windowMs: settings.maximumRecordAgeSeconds < 0 ? settings.maximumBatchingWindowMs : 0,
            makeMapping: {
                guard origin.stream.isOfKafka else {
                    let parts = (origin.arn ?? "").split(separator: ":", omittingEmptySubsequences: false)
                    return try ShardMapping(
                        shard: shards[0], from: positions[shards[0]] ?? 0, functionARN: arn,
                        text: KinesisEventText(
                            streamARN: origin.arn ?? "", region: parts.count > 3 ? String(parts[3]) : "local",
                            roleARN: "arn:aws:iam::000000000000:role/\(mapping.job)"),
                        options: settings, seed: seed)
                }
                return try TopicMapping(
                    partitions: shards.map { ($0, positions[$0] ?? 0) }, functionARN: arn,
                    text: KafkaEventText(
                        clusterARN: origin.arn, bootstrapServers: origin.bootstrapServers.joined(separator: ",")),
                    options: settings, isProvisioned: true, seed: seed)
            },
            positions: file(of: mapping), onLog: { log.add($0, of: name) })
        runs.append { lane.run() }
    }

    /// As often as AWS lets a mapping try.
    private static let mostRetries = 10_000

    private func mappingOptions(_ mapping: TwinMapping) -> MappingOptions {
        let given = options.mappings
        var settings = mapping.source.stream.isOfKafka ? MappingOptions.kafka : MappingOptions.kinesis
        settings.batchSize = given.batchSize
        settings.maximumBatchingWindowMs = Int64(given.batchWindow * 1000)
        settings.maximumRecordAgeSeconds = given.maximumAge ?? -1
        settings.bisectBatchOnFunctionError = given.bisect
        settings.reportBatchItemFailures = true
        // A mapping of Kafka with a destination gives up after ten attempts, unless it is told when: it has one only where
        // something is to be given up.
        let isBounded = given.retries != nil || given.maximumAge != nil
        let isOfKafka = mapping.source.stream.isOfKafka
        settings.maximumRetryAttempts = given.retries ?? (isOfKafka && isBounded ? Self.mostRetries : -1)
        if !isOfKafka || isBounded {
            let folder = FailureFolder(path: twin.folder.failures, mapping: mapping.fileName, control: twin.control)
            settings.destination = { folder.take($0) }
        }
        return settings
    }
}
