/// The options of an event source mapping, as AWS names them.
public struct MappingOptions: Sendable {
    /// The records that a batch has at most: 1 to 10 000.
    public var batchSize = 100
    /// How long records are gathered for a batch that is not full, in milliseconds: up to 300 000.
    public var maximumBatchingWindowMs: Int64 = 0
    /// How often a batch is sent again at most when the function fails: 0 to 10 000, or -1 without end.
    public var maximumRetryAttempts = -1
    /// The age past which records are discarded, in seconds: 60 to 604 800, or -1 for none.
    public var maximumRecordAgeSeconds = -1
    /// Whether a batch that the function fails with is halved, and each half sent again.
    public var bisectBatchOnFunctionError = false
    /// Whether the function's reply is read for `batchItemFailures` (the `FunctionResponseTypes` of a mapping). If not,
    /// every reply means success.
    public var reportBatchItemFailures = false
    /// Where reading starts where nothing was read yet.
    public var startingPosition = StartingPosition.trimHorizon
    /// What a reply that reports records of a Kafka topic brings again.
    public var partialRetry = PartialRetry.fromFirstFailure
    /// The first wait before a batch is sent again, in milliseconds; each further one is twice as long. AWS says no
    /// numbers.
    public var retryBaseMs: Int64 = 200
    /// The longest wait before a batch is sent again, in milliseconds.
    public var retryMaximumMs: Int64 = 30_000
    /// Takes what is discarded. It is called before the mapping goes on, by the thread that calls the mapping; nil if
    /// discarded records are only counted.
    public var destination: (@Sendable (FailureRecord) -> Void)?

    /// The payload of an invocation at most, in bytes: 6 MB.
    public var maximumPayloadBytes = 6 * 1024 * 1024

    /// The defaults of a mapping of Kinesis: batches of 100 without a window, retried without end.
    public static let kinesis = MappingOptions()
    /// The defaults of a mapping of Kafka: batches of 100, gathered for half a second, retried without end.
    public static let kafka: MappingOptions = {
        var options = MappingOptions()
        options.maximumBatchingWindowMs = 500
        return options
    }()

    init() {}
}

/// Where a mapping starts to read a shard.
public enum StartingPosition: Equatable, Sendable {
    /// With the oldest record.
    case trimHorizon
    /// With what comes from now on.
    case latest
    /// With the first record of this time or later, in milliseconds since the epoch.
    case atTimestamp(Int64)
}

/// What a reply that reports some records of a Kafka batch brings again. The documentation says the reported ones;
/// others saw all from the first reported of each partition on.
public enum PartialRetry: String, CaseIterable, Sendable {
    /// The first reported record of each partition and all behind it.
    case fromFirstFailure
    /// The reported records and no others.
    case reportedOnly
}
