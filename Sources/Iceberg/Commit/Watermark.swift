/// How far one shard has been taken into a table, and by which step: enough to audit the chain of commits.
public struct Watermark: Hashable, Sendable {
    /// The watermark that the commit which last moved the shard started from; nil for its first commit.
    public let previous: SourceOffset?
    /// The first offset of that commit.
    public let first: SourceOffset
    /// The last offset of that commit: records at or below it are in the table.
    public let last: SourceOffset
    /// The largest record timestamp so far, in milliseconds since the epoch.
    public let maximumTimestampMs: Int64

    /// A watermark.
    public init(previous: SourceOffset?, first: SourceOffset, last: SourceOffset, maximumTimestampMs: Int64) {
        self.previous = previous
        self.first = first
        self.last = last
        self.maximumTimestampMs = maximumTimestampMs
    }
}

/// The offsets of one shard that one commit takes: all of its records, good, bad or filtered by content.
public struct OffsetRange: Hashable, Sendable {
    /// The lowest.
    public let first: SourceOffset
    /// The highest.
    public let last: SourceOffset
    /// The largest timestamp of its records, in milliseconds since the epoch.
    public let maximumTimestampMs: Int64

    /// A range.
    public init(first: SourceOffset, last: SourceOffset, maximumTimestampMs: Int64) {
        self.first = first
        self.last = last
        self.maximumTimestampMs = maximumTimestampMs
    }
}

/// What a record is to a table that has a watermark.
public enum RecordStanding: Sendable {
    /// Above the watermark: to be taken.
    case new
    /// At or below the watermark: in the table already, to be skipped.
    case replay
    /// At or below the watermark, yet newer than anything taken before: the source was deleted and made again, so its
    /// offsets mean nothing here.
    case recreatedSource
}
