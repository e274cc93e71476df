/// Makes batches of some shards' records and follows each until it is taken or given up: one invocation at a time, and
/// of a shard nothing before what came earlier is settled. It reads, waits and calls nothing itself.
struct EventPoller {
    let options: MappingOptions
    let functionARN: String
    let text: any EventText
    let shards: [String]
    private(set) var counts = MappingCounts()

    /// The offset that each shard is to be read from next.
    private var positions: [String: Int64]
    /// Records of no batch yet.
    private var waiting: WaitingRecords
    /// Batches, or what is left of them, that are to be sent: the last comes next.
    private var parts: [BatchPart] = []
    private var running: BatchPart?
    /// When the last invocation ended.
    private var settledMs: Int64 = .min
    private var delay: RetryDelay
    /// The shard that is read first next time, so that each has its turn where there is little room.
    private var turn = 0

    init(
        positions: [(shard: String, offset: Int64)], functionARN: String, text: any EventText, options: MappingOptions,
        seed: UInt64
    ) {
        self.options = options
        self.functionARN = functionARN
        self.text = text
        shards = positions.map(\.shard)
        self.positions = Dictionary(positions.map { ($0.shard, $0.offset) }) { first, _ in first }
        waiting = WaitingRecords(text)
        delay = RetryDelay(baseMs: options.retryBaseMs, maximumMs: options.retryMaximumMs, seed: seed)
    }

    // MARK: - Records

    /// What there is room for: a batch is gathered while the one before runs.
    mutating func wanted() -> [ReadRequest] {
        let room = waiting.byteCount < options.maximumPayloadBytes ? options.batchSize - waiting.count : 0
        guard room > 0, !shards.isEmpty else { return [] }
        let count = min(shards.count, room)
        let first = turn % shards.count
        turn = (first + count) % shards.count
        return (0..<count).compactMap { index in
            let shard = shards[(first + index) % shards.count]
            return positions[shard].map { ReadRequest(shard: shard, offset: $0, count: room / count) }
        }
    }

    /// Takes records; those of other shards, and those it had already, are passed over.
    mutating func add(_ records: [StreamRecord], nowMs: Int64) {
        for record in records {
            guard let position = positions[record.shard], record.offset >= position, record.offset < .max else {
                continue
            }
            positions[record.shard] = record.offset + 1
            waiting.append(record, nowMs: nowMs)
        }
    }

    /// Where each shard is to be read from next.
    var readPositions: [String: Int64] { positions }

    /// The offset of each shard before which everything is settled.
    var checkpoints: [String: Int64] {
        var found = positions
        // From the last to the first, so that the earliest of each shard stays.
        for record in waiting.records.reversed() { found[record.shard] = record.offset }
        for part in parts + (running.map { [$0] } ?? []) {
            for record in part.records.reversed() { found[record.shard] = record.offset }
        }
        return found
    }

    /// Records that are read and neither taken nor given up.
    var unsettled: Int {
        waiting.count + parts.reduce(0) { $0 + $1.records.count } + (running?.records.count ?? 0)
    }

    // MARK: - Batches

    mutating func next(nowMs: Int64) -> MappingStep {
        guard running == nil else { return .idle }
        while var part = parts.popLast() {
            discardOld(&part, nowMs: nowMs)
            guard !part.records.isEmpty else { continue }
            guard part.notBeforeMs <= nowMs else {
                parts.append(part)
                return .wait(untilMs: part.notBeforeMs)
            }
            return start(part)
        }
        return nextBatch(nowMs: nowMs)
    }

    private mutating func nextBatch(nowMs: Int64) -> MappingStep {
        if let oldest = oldestMs(nowMs) {
            give(up: waiting.removeAll { $0.timestampMs < oldest }, .recordAgeExceeded, nowMs: nowMs)
        }
        while let record = waiting.removeFirst(largerThan: options.maximumPayloadBytes) {
            give(up: [record], .maximumPayloadSizeExceeded, nowMs: nowMs)
        }
        guard let since = waiting.sinceMs else { return .idle }
        let (count, isFull) = waiting.batch(atMost: options.batchSize, bytes: options.maximumPayloadBytes)
        // A window begins with the first record, or when the invocation before has ended.
        let (end, overflow) = max(since, settledMs).addingReportingOverflow(options.maximumBatchingWindowMs)
        guard isFull || overflow || end <= nowMs else { return .wait(untilMs: end) }
        return start(BatchPart(records: waiting.removeFirst(count)))
    }

    private mutating func start(_ part: BatchPart) -> MappingStep {
        let batch = MappedBatch(records: part.records, earlierInvocations: part.invocations, text: text)
        running = part
        return .invoke(batch)
    }

    mutating func take(_ outcome: InvocationOutcome, requestID: String, nowMs: Int64) {
        guard var part = running else { return }
        running = nil
        settledMs = nowMs
        guard outcome != .throttled else {
            counts.throttles += 1
            part.throttles += 1
            part.notBeforeMs = nowMs &+ delay.next(part.throttles)
            parts.append(part)
            return
        }
        counts.invocations += 1
        part.invocations += 1
        part.throttles = 0
        part.requestID = requestID
        var left = part.records
        if case .reply(let reply) = outcome {
            part.isFunctionError = false
            left = remaining(of: part.records, reply)
        } else {
            part.isFunctionError = true
        }
        counts.taken += part.records.count - left.count
        guard !left.isEmpty else { return }
        if left.count == part.records.count { counts.failures += 1 }
        again(part, left, nowMs: nowMs)
    }

    /// What the function did not take.
    private func remaining(of records: [StreamRecord], _ reply: [UInt8]) -> [StreamRecord] {
        guard options.reportBatchItemFailures else { return [] }
        switch BatchItemFailures(reply: reply) {
        case .none: return []
        case .all: return records
        case .some(var identifiers):
            let isReported = records.map { identifiers.remove(text.identifier(of: $0)) != nil }
            // A record that was not in the batch: the reply cannot be relied on.
            guard identifiers.isEmpty else { return records }
            var open: Set<String> = []
            return zip(records, isReported).compactMap { record, isReported in
                if isReported { open.insert(record.shard) }
                let isWanted = isReported || options.partialRetry == .fromFirstFailure && open.contains(record.shard)
                return isWanted ? record : nil
            }
        }
    }

    /// Sends what is left of a batch again, whole or in two parts, or gives it up.
    private mutating func again(_ part: BatchPart, _ left: [StreamRecord], nowMs: Int64) {
        var rest = part
        rest.records = left
        rest.notBeforeMs = nowMs
        if options.bisectBatchOnFunctionError {
            if left.count < part.records.count {
                // Split where the function said: it has taken the first part.
                parts.append(rest)
                return
            }
            if left.count > 1 {
                let (first, second) = rest.halves
                parts += [second, first]
                return
            }
        }
        rest.retries += 1
        if let most = mostRetries, rest.retries > most {
            giveUp(rest, .retryAttemptsExhausted, nowMs: nowMs)
            return
        }
        rest.notBeforeMs = nowMs &+ delay.next(rest.retries)
        parts.append(rest)
    }

    /// Nil for no end. A mapping of Kafka with a destination and no bound of its own ends after ten.
    private var mostRetries: Int? {
        if options.maximumRetryAttempts >= 0 { return options.maximumRetryAttempts }
        return text is KafkaEventText && options.destination != nil ? 10 : nil
    }

    // MARK: - Giving up

    /// The time that a record must have been taken at, or later.
    private func oldestMs(_ nowMs: Int64) -> Int64? {
        guard options.maximumRecordAgeSeconds >= 0 else { return nil }
        return nowMs &- Int64(options.maximumRecordAgeSeconds) &* 1000
    }

    private mutating func discardOld(_ part: inout BatchPart, nowMs: Int64) {
        guard let oldest = oldestMs(nowMs) else { return }
        var old = part
        old.records = part.records.filter { $0.timestampMs < oldest }
        guard !old.records.isEmpty else { return }
        part.records.removeAll { $0.timestampMs < oldest }
        giveUp(old, .recordAgeExceeded, nowMs: nowMs)
    }

    private mutating func give(up records: [StreamRecord], _ condition: FailureRecord.Condition, nowMs: Int64) {
        if !records.isEmpty { giveUp(BatchPart(records: records), condition, nowMs: nowMs) }
    }

    private mutating func giveUp(_ part: BatchPart, _ condition: FailureRecord.Condition, nowMs: Int64) {
        counts.discarded += part.records.count
        options.destination?(
            FailureRecord(
                condition: condition, records: part.records, functionARN: functionARN, requestID: part.requestID,
                approximateInvokeCount: part.invocations, isFunctionError: part.isFunctionError, timestampMs: nowMs,
                text: text))
    }
}
