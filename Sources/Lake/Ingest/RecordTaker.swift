internal import Columnar
internal import Iceberg
internal import LambdaRuntime

/// Makes rows and dead letters of the records above the watermarks, shard by shard, until the deadline is near; a
/// shard, only until a record that must not be passed.
struct RecordTaker<Reader: RecordReader & ~Copyable>: ~Copyable {
    /// Records between two looks at the clock.
    private static var recordsPerLook: Int { 256 }

    private let policy: StreamDefinition.BadRecordPolicy
    private var reader: Reader

    /// - Parameters:
    ///   - reader: makes rows of records.
    ///   - policy: what becomes of a bad record.
    init(_ reader: consuming Reader, policy: StreamDefinition.BadRecordPolicy) {
        self.reader = reader
        self.policy = policy
    }

    /// Takes what is new of these records.
    /// - Throws: ``JobError/Ingest/recreatedStream``; nothing is taken then.
    mutating func take(
        _ shards: [ShardRecords<some SourceRecord>], above watermarks: Watermarks, until deadline: WorkDeadline
    ) throws -> TakenRecords {
        var taken = TakenRecords(reader.fields, capacity: shards.reduce(0) { $0 + $1.records.count })
        for shard in shards {
            try take(shard, above: watermarks, until: deadline, into: &taken)
        }
        taken.counts = reader.counts
        taken.state = reader.state
        return taken
    }

    private mutating func take(
        _ shard: ShardRecords<some SourceRecord>, above watermarks: Watermarks, until deadline: WorkDeadline,
        into taken: inout TakenRecords
    ) throws {
        let start = try firstNew(of: shard, above: watermarks)
        taken.replayed += start + shard.duplicates
        if start < shard.records.count {
            taken.firstNew.append(ShardPosition(shard: shard.shard, offset: try shard.records[start].sourceOffset))
        }
        var next = start
        var newest = Int64.min
        var newestGood: Int64 = 0
        while next < shard.records.count {
            if (next - start) % Self.recordsPerLook == 0, deadline.hasPassed {
                taken.reason = taken.reason ?? .deadline
                break
            }
            let record = shard.records[next]
            do throws(RecordError) {
                if let payload = record.payload {
                    try reader.read(record, payload: payload, of: shard.shard, into: taken.batch)
                    if let time = record.knownTimestampMs { newestGood = max(newestGood, time) }
                } else {
                    taken.tombstones += 1
                }
            } catch {
                switch policy {
                case .deadLetter: taken.letters.append(DeadLetter(shard: shard.shard, record: record, error: error))
                case .drop: taken.dropped += 1
                // Only this shard stops: a bad record must not hold up what other shards have.
                case .fail: taken.reason = taken.reason ?? .badRecord(error)
                }
                if policy == .fail { break }
            }
            newest = max(newest, record.timestampMs)
            next += 1
        }
        // No record of a stream is of 1970: without a time there is none to tell.
        if newestGood > 0 { taken.newestMs = max(taken.newestMs ?? 0, newestGood) }
        if next < shard.records.count {
            taken.remainder.append(ShardPosition(shard: shard.shard, offset: try shard.records[next].sourceOffset))
        }
        if next > start {
            taken.offsets[shard.shard] = OffsetRange(
                first: try shard.records[start].sourceOffset, last: try shard.records[next - 1].sourceOffset,
                maximumTimestampMs: newest)
        }
    }

    /// The place of the first record above its shard's watermark: all before it are in the table.
    private func firstNew<Record: SourceRecord>(
        of shard: ShardRecords<Record>, above watermarks: Watermarks
    ) throws -> Int {
        guard let watermark = watermarks.shards[shard.shard] else { return 0 }
        let last = ByteView(copying: Array(watermark.last.description.utf8))
        var place = 0
        while place < shard.records.count, !last.precedesAsDecimal(shard.records[place].offsetDigits) {
            guard shard.records[place].timestampMs <= watermark.maximumTimestampMs else {
                throw JobError(
                    .ingest(.recreatedStream),
                    "\(watermarks.source), \(shard.shard): \(Record.offsetName) "
                        + "\(shard.records[place].offsetDigits.string) is not above the stored watermark, but its "
                        + "record arrived after all taken so far: the \(Record.shardedName) was deleted and recreated. "
                        + "Nothing was taken. Give the \(Record.shardedName) another name, so that it has watermarks "
                        + "of its own")
            }
            place += 1
        }
        return place
    }
}
