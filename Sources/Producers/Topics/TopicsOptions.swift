internal import Lake
internal import LambdaRuntime

/// What an event of bootstrap-topics asks for.
struct TopicsOptions: Equatable {
    /// Whether it is only shown what would be done.
    var isDryRun = false
    /// Whether topics with fewer partitions than declared get more.
    var growsPartitions = false
    /// The topics that are meant; nil for all.
    var topics: [String]?
    /// Whether there is nothing to do, as when Terraform destroys what invoked the function.
    var isDestruction = false

    /// Where Terraform's `aws_lambda_invocation` says why it invokes the function, beside the input that it was given.
    private static let terraform = "tf"

    /// Reads an event.
    /// - Parameter known: the topics of the definition.
    /// - Throws: `EventError` for an option or topic that there is not.
    init(_ event: JSONEvent, among known: [String]) throws(EventError) {
        let input = try ScheduledInput(event, options: ["topics", "dryRun", "growPartitions", Self.terraform])
        isDryRun = try input.flag("dryRun") ?? false
        growsPartitions = try input.flag("growPartitions") ?? false
        topics = try input.texts("topics")
        isDestruction = input.value(Self.terraform)?["action"]?.string == "delete"
        for (place, topic) in (topics ?? []).enumerated() where !known.contains(topic) {
            throw EventError(
                .badValue, "topics[\(place)]",
                "is no topic of a stream of lake.json, which has: \(known.joined(separator: ", "))")
        }
    }
}
