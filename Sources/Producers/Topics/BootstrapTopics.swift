internal import JSON
internal import Kafka
public import Lake
public import LambdaRuntime
internal import Logging

/// The function bootstrap-topics: makes the Kafka topics of the lake's definition where they are missing, and says how those
/// that exist differ.
///
/// It may run at any time, as often as one likes, and beside itself: a topic that is there is left as it is, but that
/// `growPartitions` gives it the partitions that it lacks. What cannot be done of one topic stops no other, and the invocation
/// is an error then. With `dryRun` nothing is made.
public struct BootstrapTopics: LambdaHandler {
    /// What the function is called with: its options, or an event of EventBridge.
    public typealias Event = JSONEvent

    private let services: LakeServices
    private let configuration: KafkaConfiguration
    private let plan: TopicPlan

    static let serversVariable = KafkaConfiguration.serversVariable
    static let clusterVariable = "KAFKA_CLUSTER_ARN"
    /// One question to a cluster may take so long, in milliseconds.
    private static let patienceMs: Int64 = 30_000

    /// A handler for the cluster that the environment names. It is reached by the first event.
    /// - Throws: ``ConfigurationError``; ``JobError`` if the definition has no topic.
    public init(_ services: LakeServices, _ context: InitContext) throws {
        self.services = services
        configuration = try KafkaConfiguration(context.environment)
        let arn = context.environment[Self.clusterVariable].flatMap { $0.isEmpty ? nil : $0 }
        if let arn, !arn.hasPrefix("arn:") {
            throw ConfigurationError(problems: [
                ConfigurationError.Problem(
                    variable: Self.clusterVariable, message: "must be arn:aws:kafka:REGION:ACCOUNT:cluster/NAME/UUID")
            ])
        }
        plan = TopicPlan(
            services.definition.streams, servers: configuration.bootstrapServers, clusterARN: arn)
        guard !plan.entries.isEmpty else {
            throw JobError(
                .topics(.notDefined), "lake.json has no stream of Kafka: there is no topic to make")
        }
    }

    /// Does what the definition asks for, or finds what that would be.
    /// - Throws: `EventError`; ``JobError`` if a topic failed; what keeps the settings from being used.
    public mutating func handle(_ event: JSONEvent, _ context: Context) throws -> LambdaResponse {
        let options = try TopicsOptions(
            event, among: plan.entries.map(\.topic), in: services.definition.namespaces)
        if options.isDestruction {
            context.log.info("nothing to do: the topics stay when what invoked this is destroyed")
            return LambdaResponse(TopicsReport(isDryRun: options.isDryRun).value)
        }
        let deadline = WorkDeadline(context)
        services.deadline.milliseconds = deadline.requestMs
        let admin = try KafkaAdmin(configuration.settings(services)) { line in
            context.log.debug("\(line.text)", metadata: ["librdkafka": "\(line.facility)"])
        }
        let run = TopicsRun(cluster: admin, options: options) { [clock = context.clock] in
            max(1, min(Self.patienceMs, deadline.stopMs - clock.milliseconds))
        }
        let report = run.report(plan)
        report.log(context)
        if let error = report.error { throw error }
        return LambdaResponse(report.value)
    }
}
