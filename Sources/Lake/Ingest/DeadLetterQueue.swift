internal import Columnar
internal import Iceberg

/// Commits bad records to the dead-letter table, each once: that table has watermarks of its own for every source.
struct DeadLetterQueue {
    let lake: Lake
    let stream: StreamDefinition
    let source: String

    /// Commits the letters that the table does not have yet.
    /// - Returns: how many were new.
    func commit(_ letters: [DeadLetter], nowMs: Int64) throws -> Int {
        guard !letters.isEmpty else { return 0 }
        let table = try lake.table(lake.definition.deadLetterTable)
        return try table.retryingStaleOffsets { _ in
            let watermarks = try table.watermarks(of: source)
            let new = try letters.filter { letter in
                guard let mark = watermarks.shards[letter.shard] else { return true }
                return try letter.record.sourceOffset > mark.last
            }
            guard !new.isEmpty else { return 0 }
            let metadata = try table.metadata
            var append = Append(encodedFor: metadata)
            append.files = try DataFileEncoder(metadata).files(
                of: batch(of: new, nowMs: nowMs, metadata), named: lake.uniqueName())
            append.take(try ranges(of: new), against: watermarks)
            _ = try table.append(append)
            return new.count
        }
    }

    private func ranges(of letters: [DeadLetter]) throws -> [String: OffsetRange] {
        var ranges: [String: OffsetRange] = [:]
        for letter in letters {
            let offset = try letter.record.sourceOffset
            let before = ranges[letter.shard]
            ranges[letter.shard] = OffsetRange(
                first: before?.first ?? offset, last: offset,
                maximumTimestampMs: max(before?.maximumTimestampMs ?? .min, letter.record.timestampMs))
        }
        return ranges
    }

    /// The letters as rows of the table as it is now; a column that this version does not know is null.
    private func batch(of letters: [DeadLetter], nowMs: Int64, _ metadata: TableMetadata) throws -> RecordBatch {
        guard let schema = metadata.currentSchema else {
            throw IcebergError(.malformed, "the table names a current schema that it does not have")
        }
        let batch = RecordBatch(try schema.columns(), capacity: letters.count)
        for letter in letters {
            for (field, column) in zip(batch.fields, batch.columns) {
                append(letter, nowMs: nowMs, field: field.name, to: column)
            }
            batch.finishRow()
        }
        return batch
    }

    private func append(_ letter: DeadLetter, nowMs: Int64, field: String, to column: Column) {
        switch field {
        case DeadLetterTable.failedAt: column.append(nowMs * 1000)
        case DeadLetterTable.arrivedAt: column.append(letter.record.timestampMs * 1000)
        case DeadLetterTable.stream: column.append(stream.name)
        case DeadLetterTable.source: column.append(source)
        case DeadLetterTable.shard: column.append(letter.shard)
        case DeadLetterTable.sequenceNumber: column.append(letter.record.offset.string)
        case DeadLetterTable.partitionKey: column.append(letter.record.partitionKey.string)
        case DeadLetterTable.tableName: column.append(stream.table.description)
        case DeadLetterTable.errorCode: column.append(letter.error.code.rawValue)
        case DeadLetterTable.error: column.append(letter.error.description)
        case DeadLetterTable.byteOffset: column.append(Int64(letter.error.offset))
        case DeadLetterTable.field:
            if let field = letter.error.field { column.append(field) } else { column.appendNull() }
        case DeadLetterTable.raw:
            // Text that is no base64 is kept as it is, so that nothing of the record is lost.
            let bytes = (try? letter.record.payload.decoded()) ?? letter.record.payload.encoded.copy
            bytes.withUnsafeBytes { _ = column.append(bytes: $0) }
        default: column.appendNull()
        }
    }
}
