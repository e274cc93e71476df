/// What a mapping wants done next.
public enum MappingStep: Sendable {
    /// Call the function with this batch, and then tell how it ended.
    case invoke(MappedBatch)
    /// Ask again at this time, in milliseconds since the epoch, or when there are further records.
    case wait(untilMs: Int64)
    /// Ask again when there are records.
    case idle
}

/// The records of one invocation.
public struct MappedBatch: Sendable {
    /// The records, each shard's in the order of their offsets.
    public let records: [StreamRecord]
    /// How many invocations these records had before, as far as they were in one batch.
    public let earlierInvocations: Int
    let text: any EventText

    /// The event that the function is called with.
    public func event() -> [UInt8] { text.text(records) }
}

/// What a mapping wants read.
public struct ReadRequest: Equatable, Sendable {
    /// The shard.
    public let shard: String
    /// The first offset.
    public let offset: Int64
    /// How many records there is room for.
    public let count: Int
}

/// What a mapping has done since it was made.
public struct MappingCounts: Equatable, Sendable {
    /// Calls of the function.
    public var invocations = 0
    /// Calls that ended in an error, without those of which a part succeeded.
    public var failures = 0
    /// Calls that were refused because too many run already.
    public var throttles = 0
    /// Records that the function took.
    public var taken = 0
    /// Records that were given up, and went to the destination if there is one.
    public var discarded = 0
}
