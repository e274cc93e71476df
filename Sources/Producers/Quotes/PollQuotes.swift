internal import AWS
internal import HTTPTransport
internal import Kafka
internal import Logging
public import Lake
public import LambdaRuntime

/// The function poll-quotes: for a minute, every few seconds, Alpaca's latest bars into the topic of the definition's
/// quotes, one record a symbol.
///
/// Nothing that Alpaca or the cluster does ends the minute: it is counted, and the next step tries again.
public struct PollQuotes: LambdaHandler {
    /// What the function is called with: a schedule's event, or an object of ``MinuteEvent``'s members.
    public typealias Event = JSONEvent

    static let name = "poll-quotes"
    /// Alpaca is left alone for so long at most, in milliseconds, whatever it asks for.
    static let longestHoldMs: Int64 = 300_000
    /// Lambda gives initialisation 10 s before it starts over within the first invocation.
    private static let preparationMs: Int64 = 8_000

    private let alpaca: Alpaca
    private let delivery: RecordDelivery
    private let topic: String
    private let loop: MinuteLoop
    private let deadline: RequestDeadline
    /// Until when Alpaca is left alone, in milliseconds since the epoch.
    private var heldUntilMs: Int64 = .min

    /// A handler of this definition.
    /// - Throws: ``JobError`` if the definition has no quotes; ``ConfigurationError`` for settings that cannot be used.
    public init(_ services: LakeServices, _ context: InitContext) throws {
        let kafka = try KafkaConfiguration(context.environment)
        let log = context.log
        let delivery = RecordDelivery(context.clock) {
            try KafkaProducer(
                try kafka.settings(services),
                log: { log.debug("\($0.text)", metadata: ["librdkafka": "\($0.facility)"]) })
        }
        try self.init(services, context.environment, delivery, context.clock)
        // Connections are made before the first minute begins; a fault here is one of its first step, too.
        services.deadline.milliseconds = context.clock.milliseconds + Self.preparationMs
        do {
            try delivery.prepare()
        } catch {
            context.log.warning("the cluster cannot be reached yet", metadata: ["error": "\(error)"])
        }
    }

    init(
        _ services: LakeServices, _ environment: [String: String], _ delivery: RecordDelivery, _ clock: WallClock,
        sleep: @escaping (Int64) -> Void = MinuteLoop.sleep
    ) throws {
        guard let quotes = services.definition.quotes else {
            throw JobError(
                .producers(.notDefined), "lake.json has no quotes: say in \"quotes\" which stream they go to")
        }
        let stream = services.definition.streams.first { $0.name == quotes.stream }
        guard let stream, case .kafka(let topic, _) = stream.source else {
            throw JobError(
                .producers(.notDefined), "the stream \"\(quotes.stream)\" of lake.json's quotes has no Kafka topic")
        }
        self.topic = topic
        self.delivery = delivery
        deadline = services.deadline
        loop = MinuteLoop(intervalMs: quotes.intervalMs, sleep: sleep)
        alpaca = try Alpaca(quotes, environment, client: services.client, clock: clock)
    }

    /// Polls for the event's minute.
    /// - Throws: `EventError` for an event that is none of a schedule; nothing else.
    public mutating func handle(_ event: JSONEvent, _ context: Context) throws -> LambdaResponse {
        let event = try MinuteEvent(event, nowMs: context.clock.milliseconds)
        var report = PollReport()
        var held = heldUntilMs
        let minute = loop.run(event, context) { step in
            try poll(step, context.clock, &report, &held)
        }
        heldUntilMs = held
        report.log(minute, context)
        return report.response(minute)
    }

    private func poll(
        _ step: MinuteStep, _ clock: WallClock, _ report: inout PollReport, _ heldUntilMs: inout Int64
    ) throws {
        let now = clock.milliseconds
        guard now >= heldUntilMs || heldUntilMs - now > Self.longestHoldMs else {
            report.held += 1
            return
        }
        // A quarter of the step's time is left for the cluster.
        deadline.milliseconds = step.endMs - (step.endMs - now) / 4
        // Connections to the cluster are made while Alpaca thinks.
        try delivery.prepare()
        report.polls += 1
        let bars: LatestBars
        do throws(UpstreamFault) {
            bars = try alpaca.latestBars()
        } catch {
            report.add(error)
            if let wait = error.retryAfterMs { heldUntilMs = clock.milliseconds + min(wait, Self.longestHoldMs) }
            throw error
        }
        report.add(bars)
        let records = bars.bars.lazy.map {
            ProducerRecord(topic: topic, key: Array($0.symbol.utf8), value: $0.payload)
        }
        let delivered = try delivery.deliver(records, untilMs: step.endMs)
        report.add(delivered)
        report.delaysMs.append(clock.milliseconds - step.dueMs)
        if let failure = delivered.failure { throw failure }
    }
}
