internal import Columnar
internal import Iceberg

/// Commits bad records to the dead-letter table, each once: that table has watermarks and ``KnownLetters`` of its own for
/// every source, and for every target that the source fills, because each has bad records of its own.
struct DeadLetterQueue {
    private let lake: Lake
    private let stream: StreamDefinition
    private let source: String
    private let target: String

    /// - Parameters:
    ///   - source: identity of the source, such as the stream's ARN.
    ///   - target: what the rows were meant for; nil for the stream's table.
    init(lake: Lake, stream: StreamDefinition, source: String, target: String? = nil) {
        self.lake = lake
        self.stream = stream
        self.source = source
        self.target = target ?? stream.table.description
    }

    /// Commits the letters that the table does not have yet.
    /// - Returns: how many were new.
    func commit(_ letters: [DeadLetter], nowMs: Int64, deadlineMs: Int64) throws -> Int {
        guard !letters.isEmpty else { return 0 }
        let table = try lake.table(lake.definition.deadLetterTable)
        let identity = "\(source)#\(target)"
        return try table.retryingStaleOffsets { _ in
            var watermarks = try table.watermarks(of: identity)
            var known = try known(letters, identity, table.metadata)
            var new = try unknown(letters, to: watermarks, known)
            if new.count < letters.count {
                // A letter is passed over only on the word of the newest version.
                try table.refresh()
                watermarks = try table.watermarks(of: identity)
                known = try self.known(letters, identity, table.metadata)
                new = try unknown(letters, to: watermarks, known)
            }
            guard !new.isEmpty else { return 0 }
            let metadata = try table.metadata
            var append = Append(encodedFor: metadata, summary: try state(known, after: new, of: letters, identity))
            append.files = try DataFileEncoder(metadata).files(
                of: batch(of: new, nowMs: nowMs, metadata), named: lake.uniqueName())
            append.take(try ranges(of: new, above: watermarks), against: watermarks)
            append.deadlineMs = deadlineMs
            let commit = try table.append(append)
            return commit.outcome == .committed ? new.count : 0
        }
    }

    /// What the table has of the letters' shards.
    private func known(
        _ letters: [DeadLetter], _ identity: String, _ metadata: TableMetadata
    ) -> [String: KnownLetters] {
        var known: [String: KnownLetters] = [:]
        for letter in letters where known[letter.shard] == nil {
            known[letter.shard] = KnownLetters(
                parsing: metadata.inheritedState(KnownLetters.name(identity, letter.shard)))
        }
        return known
    }

    /// The letters that are not in the table. One that is known is not there either if it is newer than all that are: the
    /// stream was made again, and the table of its rows with it.
    private func unknown(
        _ letters: [DeadLetter], to watermarks: Watermarks, _ known: [String: KnownLetters]
    ) throws -> [DeadLetter] {
        try letters.filter { letter in
            let offset = try letter.record.sourceOffset
            let standing = watermarks.decide(
                shard: letter.shard, offset: offset, timestampMs: letter.record.timestampMs)
            return standing != .replay || known[letter.shard]?.contains(offset) != true
        }
    }

    /// The summary entries after a commit of new letters.
    private func state(
        _ known: [String: KnownLetters], after new: [DeadLetter], of letters: [DeadLetter], _ identity: String
    ) throws -> [String: String] {
        var offsets: [String: [SourceOffset]] = [:]
        for letter in new { offsets[letter.shard, default: []].append(try letter.record.sourceOffset) }
        var entries: [String: String] = [:]
        for (shard, added) in offsets {
            var known = known[shard] ?? KnownLetters()
            let first = try letters.first { $0.shard == shard }.map { try $0.record.sourceOffset } ?? added[0]
            known.add(added, ofBatchFrom: first)
            entries[KnownLetters.name(identity, shard)] = known.text
        }
        return entries
    }

    /// What the letters above their watermark cover; the others move none.
    private func ranges(of letters: [DeadLetter], above watermarks: Watermarks) throws -> [String: OffsetRange] {
        var ranges: [String: OffsetRange] = [:]
        for letter in letters {
            let offset = try letter.record.sourceOffset
            if let watermark = watermarks.shards[letter.shard], offset <= watermark.last { continue }
            let before = ranges[letter.shard]
            ranges[letter.shard] = OffsetRange(
                first: before?.first ?? offset, last: offset,
                maximumTimestampMs: max(before?.maximumTimestampMs ?? .min, letter.record.timestampMs))
        }
        return ranges
    }

    /// The letters as rows of the table as it is now; a column that the definition does not have is null.
    /// - Throws: ``IcebergError/Code/invalid`` if the table lacks a column of the definition, has it with another type,
    ///   or requires one that letters do not have.
    private func batch(of letters: [DeadLetter], nowMs: Int64, _ metadata: TableMetadata) throws -> RecordBatch {
        let identifier = lake.definition.deadLetterTable
        let fields = try lake.columnDecodings(identifier, metadata).map(\.field)
        let batch = RecordBatch(fields, capacity: letters.count)
        for letter in letters {
            for (field, column) in zip(batch.fields, batch.columns) {
                append(letter, nowMs: nowMs, field: field.name, to: column)
            }
            batch.finishRow()
        }
        for (field, column) in zip(batch.fields, batch.columns) where field.isRequired && column.nullCount > 0 {
            throw IcebergError(
                .invalid, "the table requires the column \"\(field.name)\", which dead letters lack",
                at: "\(identifier)")
        }
        return batch
    }

    private func append(_ letter: DeadLetter, nowMs: Int64, field: String, to column: Column) {
        switch field {
        case DeadLetterTable.failedAt: append(timeMs: nowMs, to: column)
        case DeadLetterTable.arrivedAt:
            if let timeMs = letter.record.knownTimestampMs {
                append(timeMs: timeMs, to: column)
            } else {
                column.appendNull()
            }
        case DeadLetterTable.stream: column.append(stream.name)
        case DeadLetterTable.source: column.append(source)
        case DeadLetterTable.shard: column.append(letter.shard)
        case DeadLetterTable.sequenceNumber: column.append(letter.record.offsetDigits.string)
        case DeadLetterTable.partitionKey:
            if let key = letter.record.keyText { column.append(key) } else { column.appendNull() }
        case DeadLetterTable.tableName: column.append(target)
        case DeadLetterTable.errorCode: column.append(letter.error.code.rawValue)
        case DeadLetterTable.error: column.append(letter.error.description)
        case DeadLetterTable.byteOffset: column.append(Int64(letter.error.offset))
        case DeadLetterTable.field:
            if let field = letter.error.field { column.append(field) } else { column.appendNull() }
        case DeadLetterTable.raw:
            // Text that is no base64 is kept as it is, so that nothing of the record is lost.
            guard let payload = letter.record.payload else { return column.appendNull() }
            let bytes = (try? payload.decoded()) ?? payload.encoded.copy
            bytes.withUnsafeBytes { _ = column.append(bytes: $0) }
        default: column.appendNull()
        }
    }

    /// A time outside the years 1 to 9999, which an event made by hand may have, is null: no reader takes it.
    private func append(timeMs: Int64, to column: Column) {
        let (microseconds, overflows) = timeMs.multipliedReportingOverflow(by: 1000)
        if overflows || !CalendarTime.range.contains(microseconds) {
            column.appendNull()
        } else {
            column.append(microseconds)
        }
    }
}
