internal import Columnar
internal import Iceberg
internal import LambdaRuntime

/// Decodes the records above the watermarks into rows and dead letters, shard by shard, until the deadline is near or
/// a record must not be passed.
struct RecordTaker: ~Copyable {
    /// Records between two looks at the clock.
    private static let recordsPerLook = 256

    private let fields: [Field]
    private let policy: StreamDefinition.BadRecordPolicy
    private var decoder: RecordDecoder

    /// - Parameters:
    ///   - columns: how records become rows of the table as it is now.
    ///   - policy: what becomes of a bad record.
    init(_ columns: [ColumnDecoding], policy: StreamDefinition.BadRecordPolicy) {
        fields = columns.map(\.field)
        self.policy = policy
        decoder = RecordDecoder(columns)
    }

    /// Members of records so far that no column has.
    var unknownFields: Int { decoder.unknownFieldCount }

    /// Takes what is new of these records.
    /// - Throws: ``IngestError/Code/recreatedStream``; nothing is taken then.
    mutating func take(
        _ shards: [ShardRecords<some SourceRecord>], above watermarks: Watermarks, until deadline: WorkDeadline
    ) throws -> TakenRecords {
        var taken = TakenRecords(fields, capacity: shards.reduce(0) { $0 + $1.records.count })
        for shard in shards {
            try take(shard, above: watermarks, until: deadline, into: &taken)
        }
        return taken
    }

    private mutating func take(
        _ shard: ShardRecords<some SourceRecord>, above watermarks: Watermarks, until deadline: WorkDeadline,
        into taken: inout TakenRecords
    ) throws {
        let start = try firstNew(of: shard, above: watermarks)
        taken.replayed += start + shard.duplicates
        if start < shard.records.count { taken.firstNew.append(try shard.records[start].sourceOffset) }
        var next = start
        var newest = Int64.min
        while next < shard.records.count, taken.reason == nil {
            if (next - start) % Self.recordsPerLook == 0, deadline.hasPassed {
                taken.reason = .deadline
                break
            }
            let record = shard.records[next]
            do throws(RecordError) {
                try decoder.decode(record, into: taken.batch)
            } catch {
                switch policy {
                case .deadLetter: taken.letters.append(DeadLetter(shard: shard.shard, record: record, error: error))
                case .drop: taken.dropped += 1
                case .fail: taken.reason = .badRecord(error)
                }
                if policy == .fail { break }
            }
            newest = max(newest, record.timestampMs)
            next += 1
        }
        if next < shard.records.count { taken.remainder.append(try shard.records[next].sourceOffset) }
        if next > start {
            taken.offsets[shard.shard] = OffsetRange(
                first: try shard.records[start].sourceOffset, last: try shard.records[next - 1].sourceOffset,
                maximumTimestampMs: newest)
        }
    }

    /// The place of the first record above its shard's watermark: all before it are in the table.
    private func firstNew(of shard: ShardRecords<some SourceRecord>, above watermarks: Watermarks) throws -> Int {
        guard let watermark = watermarks.shards[shard.shard] else { return 0 }
        let last = ByteView(copying: Array(watermark.last.description.utf8))
        var place = 0
        while place < shard.records.count, !last.precedesAsDecimal(shard.records[place].offset) {
            guard shard.records[place].timestampMs <= watermark.maximumTimestampMs else {
                throw IngestError(
                    .recreatedStream,
                    "\(watermarks.source), \(shard.shard): sequence number \(shard.records[place].offset.string) is not "
                        + "above the stored watermark, but its record arrived after all taken so far: the stream was "
                        + "deleted and recreated. Nothing was taken. Give the stream another name, so that it has "
                        + "watermarks of its own")
            }
            place += 1
        }
        return place
    }
}

extension RecordDecoder {
    /// Appends the row of a record.
    mutating func decode(_ record: some SourceRecord, into batch: RecordBatch) throws(RecordError) {
        try record.payload.encoded.withUnsafeBytes { text throws(RecordError) in
            try decode(base64: text.bytes, into: batch)
        }
    }
}
