internal import Kafka
public import Lake
public import LambdaRuntime
internal import Simulation

/// The function simulate-trades: makes trades and puts them into the topic of the stream `coinbase-trades`, every five seconds
/// of the minute that it is started for.
///
/// Which trades a minute has follows from the minute, the rate and the seed alone: a minute that is delivered twice makes the
/// same trades, with the same numbers, and no two minutes have a number in common.
public struct SimulateTrades: LambdaHandler {
    /// What the function is called with: a schedule's event, or an object of options.
    public typealias Event = JSONEvent

    private let settings: SimulatorSettings
    private let run: SimulatorRun

    /// The job's name.
    static let job = "simulate-trades"
    static let intervalMs: Int64 = 5_000
    /// One trade a second, unless something else is set.
    static let standard = SimulatorSettings(rate: 1)

    /// A handler for the cluster that the environment names. It is reached by the first event.
    /// - Throws: ``ConfigurationError``; ``JobError`` if the definition has no such stream.
    public init(_ services: LakeServices, _ context: InitContext) throws {
        let topic = try Self.topic(services.definition)
        let kafka = try KafkaConfiguration(context.environment)
        let log = context.log
        let delivery = RecordDelivery(context.clock) {
            // Credentials and secrets have the time of the step under way, which the target sets.
            try KafkaProducer(try kafka.settings(services)) { line in
                log.debug("\(line.text)", metadata: ["librdkafka": "\(line.facility)"])
            }
        }
        try self.init(context.environment, into: TopicTarget(topic, delivery, deadline: services.deadline))
    }

    init(
        _ environment: [String: String], into target: any RecordTarget,
        sleep: @escaping (Int64) -> Void = MinuteLoop.sleep
    ) throws(ConfigurationError) {
        settings = try Self.standard.reading(environment, SimulatorSettings.ofTrades)
        run = SimulatorRun(Self.job, into: target, intervalMs: Self.intervalMs, sleep: sleep)
    }

    /// Makes the trades of one minute.
    /// - Throws: `EventError`; ``JobError`` if not one trade got through.
    public mutating func handle(_ event: JSONEvent, _ context: Context) throws -> LambdaResponse {
        let event = try MinuteEvent(
            event, options: SimulatorSettings.ofTrades.map(\.rawValue), nowMs: context.clock.milliseconds)
        let settings = try settings.reading(event, SimulatorSettings.ofTrades)
        let trades = TradeRecords(
            seed: UInt64(settings.seed), pace: Pace(startMs: 0, perSecond: settings.rate), numbering: .time,
            badRecordRate: UInt64(settings.badRecordRate))
        return try run.run(trades.stream, event, context).response
    }

    /// The topic of the stream.
    static func topic(_ definition: LakeDefinition) throws(JobError) -> String {
        let stream = definition.streams.first { $0.name == TradeRecords.topicName }
        guard case .kafka(let topic, _)? = stream?.source else {
            throw JobError(
                .producers(.notDefined),
                "lake.json has no stream \(TradeRecords.topicName) whose source is a Kafka topic: there is nowhere to "
                    + "put trades")
        }
        return topic
    }
}
