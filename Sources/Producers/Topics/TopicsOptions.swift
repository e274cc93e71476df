internal import Lake
internal import LambdaRuntime

/// What an event of bootstrap-topics asks for.
struct TopicsOptions: Equatable {
    /// Whether it is only shown what would be done.
    var isDryRun = false
    /// Whether topics with fewer partitions than declared get more.
    var growsPartitions = false
    /// The topics that are meant; nil for all, unless databases are named.
    var topics: [String]?
    /// The databases whose topics are meant; nil for all, unless topics are named.
    var databases: [String]?
    /// Whether there is nothing to do, as when Terraform destroys what invoked the function.
    var isDestruction = false

    /// Where Terraform's `aws_lambda_invocation` says why it invokes the function, beside the input that it was given.
    private static let terraform = "tf"

    /// Reads an event.
    /// - Parameters:
    ///   - known: the topics of the definition.
    ///   - databases: its databases.
    /// - Throws: `EventError` for an option, topic or database that there is not.
    init(_ event: JSONEvent, among known: [String], in databases: [String]) throws(EventError) {
        let input = try ScheduledInput(
            event, options: ["topics", "databases", "dryRun", "growPartitions", Self.terraform])
        isDryRun = try input.flag("dryRun") ?? false
        growsPartitions = try input.flag("growPartitions") ?? false
        topics = try input.texts("topics")
        self.databases = try input.texts("databases")
        isDestruction = input.value(Self.terraform)?["action"]?.string == "delete"
        for (place, topic) in (topics ?? []).enumerated() where !known.contains(topic) {
            throw EventError(
                .badValue, "topics[\(place)]",
                "is no topic of a stream of lake.json, which has: \(known.joined(separator: ", "))")
        }
        for (place, database) in (self.databases ?? []).enumerated() where !databases.contains(database) {
            throw EventError(
                .badValue, "databases[\(place)]",
                "is no database of lake.json, which has: \(databases.joined(separator: ", "))")
        }
    }

    /// Whether a topic is meant.
    func includes(_ entry: TopicPlan.Entry) -> Bool {
        guard topics != nil || databases != nil else { return true }
        return topics?.contains(entry.topic) == true || databases?.contains(where: entry.databases.contains) == true
    }
}
