internal import AWS
public import Lake
public import LambdaRuntime
internal import Simulation

/// The function simulate-sensors: makes readings and puts them into a Kinesis stream of the lake, every second of the minute
/// that it is started for.
///
/// Which readings a minute has follows from the minute, the rate, the number of devices and the seed alone.
public struct SimulateSensors: LambdaHandler {
    /// What the function is called with: a schedule's event, or an object of options.
    public typealias Event = JSONEvent

    private let services: LakeServices
    private let settings: SimulatorSettings
    private let sleep: (Int64) -> Void
    /// One for each stream that was named.
    private var runs: [String: SimulatorRun] = [:]

    /// The job's name.
    static let job = "simulate-sensors"
    static let intervalMs: Int64 = 1_000
    /// The option that names the stream.
    static let streamOption = "stream"
    /// Twelve devices that report each second, unless something else is set.
    static let standard = SimulatorSettings(rate: 12, devices: 12)

    /// A handler for the streams of a definition.
    /// - Throws: ``ConfigurationError``; ``JobError`` if the definition has no stream for readings.
    public init(_ services: LakeServices, _ context: InitContext) throws {
        try self.init(services, context.environment)
    }

    init(
        _ services: LakeServices, _ environment: [String: String],
        sleep: @escaping (Int64) -> Void = MinuteLoop.sleep
    ) throws {
        self.services = services
        self.sleep = sleep
        settings = try Self.standard.reading(environment, SimulatorSettings.ofSensors)
        guard services.definition.streams.contains(where: { !$0.isOfKafka }) else {
            throw JobError(
                .producers(.notDefined),
                "lake.json has no stream whose source is a Kinesis stream: there is nowhere to put readings")
        }
    }

    /// Makes the readings of one minute.
    /// - Throws: `EventError`; ``JobError`` if not one reading got through, or it is not clear which stream is meant.
    public mutating func handle(_ event: JSONEvent, _ context: Context) throws -> LambdaResponse {
        let event = try MinuteEvent(
            event, options: [Self.streamOption] + SimulatorSettings.ofSensors.map(\.rawValue),
            nowMs: context.clock.milliseconds)
        let settings = try settings.reading(event, SimulatorSettings.ofSensors)
        let stream = try Self.stream(named: try event.input.text(Self.streamOption), in: services.definition)
        let readings = SensorReadings(
            seed: UInt64(settings.seed), devices: settings.devices, pace: Pace(startMs: 0, perSecond: settings.rate),
            badRecordRate: UInt64(settings.badRecordRate), anomalyRate: UInt64(settings.anomalyRate))
        let run = runs[stream.name] ?? makeRun(stream)
        runs[stream.name] = run
        return try run.run(readings.stream(named: stream.name), event, context).response
    }

    private func makeRun(_ stream: KinesisStream) -> SimulatorRun {
        let target = StreamTarget(stream.address, client: services.client, deadline: services.deadline)
        return SimulatorRun(Self.job, into: target, intervalMs: Self.intervalMs, sleep: sleep)
    }

    /// A Kinesis stream of a definition.
    struct KinesisStream: Equatable {
        /// As `lake.json` names it.
        let name: String
        /// Its own name, or its ARN.
        let address: String

        /// The stream; nil for one of Kafka.
        init?(_ stream: StreamDefinition) {
            name = stream.name
            switch stream.source {
            case .kinesisName(let name): address = name
            case .kinesisARN(let arn): address = arn
            case .kafka: return nil
            }
        }
    }

    /// The stream that is meant: the one named; without a name `sensor-readings`, or the only one there is.
    static func stream(
        named name: String?, in definition: LakeDefinition
    ) throws -> KinesisStream {
        let streams = definition.streams.compactMap(KinesisStream.init)
        let names = streams.map(\.name).joined(separator: ", ")
        if let name {
            guard let stream = streams.first(where: { $0.name == name }) else {
                throw EventError(
                    .badValue, streamOption, "is no stream of lake.json that is of Kinesis; there are: \(names)")
            }
            return stream
        }
        if let stream = streams.first(where: { $0.name == SensorReadings.streamName }) { return stream }
        guard streams.count == 1 else {
            throw JobError(
                .producers(.notDefined),
                "lake.json has several streams of Kinesis (\(names)): name one in the option \"\(streamOption)\"")
        }
        return streams[0]
    }
}
