/// How far a source has been taken into a table: one watermark for each live shard.
public struct Watermarks: Equatable, Sendable {
    /// Snapshot summaries and the table properties that mirror them hold a source's watermarks under this prefix.
    public static let keyPrefix = "swiftlake.offsets."

    /// Identity of the source, such as a stream's ARN; a source made again under its name keeps it.
    public let source: String
    /// By shard or partition.
    public var shards: [String: Watermark]

    /// The watermarks of a source.
    public init(source: String, shards: [String: Watermark] = [:]) {
        self.source = source
        self.shards = shards
    }

    /// Name of the summary entry and of the table property.
    public var key: String { Self.keyPrefix + source }

    /// What a record is, for the caller to take, skip or refuse.
    public func decide(shard: String, offset: SourceOffset, timestampMs: Int64) -> RecordStanding {
        guard let watermark = shards[shard], offset <= watermark.last else { return .new }
        return timestampMs > watermark.maximumTimestampMs ? .recreatedSource : .replay
    }

    /// Whether a record is to be taken.
    /// - Throws: ``IcebergError/Code/staleOffsets`` if the source was made again: filtering would lose its records.
    public func admits(shard: String, offset: SourceOffset, timestampMs: Int64) throws(IcebergError) -> Bool {
        switch decide(shard: shard, offset: offset, timestampMs: timestampMs) {
        case .new: return true
        case .replay: return false
        case .recreatedSource:
            throw IcebergError(
                .staleOffsets,
                "offset \(offset) is not above the stored watermark, but its record is newer than all taken so far: "
                    + "the source was deleted and made again. To take it from its start, give it a new identity",
                at: source, "shard \(shard)")
        }
    }

    /// Whether every range is at or below its shard's watermark.
    public func cover(_ offsets: [String: OffsetRange]) -> Bool {
        offsets.allSatisfy { shard, range in
            guard let watermark = shards[shard] else { return false }
            return range.last <= watermark.last
        }
    }

    /// The watermarks after a commit that takes these ranges.
    /// - Throws: ``IcebergError/Code/staleOffsets`` for a range that is not wholly above its watermark,
    ///   ``IcebergError/Code/invalid`` for one that ends before it starts.
    public func advanced(by offsets: [String: OffsetRange]) throws(IcebergError) -> Watermarks {
        var next = self
        for (shard, range) in offsets {
            guard range.first <= range.last else {
                throw IcebergError(
                    .invalid, "the offsets \(range.first) to \(range.last) are the wrong way round", at: source,
                    "shard \(shard)")
            }
            let before = shards[shard]
            if let before, range.first <= before.last {
                throw IcebergError(
                    .staleOffsets, "offset \(range.first) is at or below the watermark \(before.last)", at: source,
                    "shard \(shard)")
            }
            next.shards[shard] = Watermark(
                previous: before?.last, first: range.first, last: range.last,
                maximumTimestampMs: max(range.maximumTimestampMs, before?.maximumTimestampMs ?? .min))
        }
        return next
    }

    /// Without the shards whose newest record is older than the source keeps records: a closed shard would otherwise
    /// be carried for ever, and a record at or below such a watermark can no longer come. Age is counted from the
    /// source's newest record, not by a clock, so that records sent with old times are treated as any others.
    /// - Parameters:
    ///   - retentionMs: how long the source keeps records, in milliseconds.
    ///   - shards: never pruned, because this commit moves them.
    public func pruned(olderThan retentionMs: Int64, keeping shards: some Collection<String>) -> Watermarks {
        guard let newestMs = self.shards.values.map(\.maximumTimestampMs).max() else { return self }
        let (cutoffMs, overflows) = newestMs.subtractingReportingOverflow(retentionMs)
        guard !overflows else { return self }
        var next = self
        next.shards = self.shards.filter { $1.maximumTimestampMs >= cutoffMs || shards.contains($0) }
        return next
    }
}
