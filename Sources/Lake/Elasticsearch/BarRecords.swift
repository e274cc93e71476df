internal import LambdaRuntime

/// The records of one topic in one event: what their bars come to, and what is to become of each record.
struct BarRecords {
    /// The highest price of each asset and window.
    private(set) var maxima = QuoteMaxima()
    /// Bad records that the definition says to drop.
    private(set) var dropped = 0
    /// Records without a value.
    private(set) var tombstones = 0
    /// Why records are left that were not read; nil if none are.
    private(set) var reason: IndexingReport.Reason?

    private let stream: StreamDefinition
    /// All records, partition by partition, each in the order of its offsets.
    private var records: [(shard: String, record: KafkaRecord)] = []
    /// What is wrong with those that are bad, by their place.
    private var faults: [Int: RecordError] = [:]
    /// The place of the first record of each partition that must come again.
    private var firstLeft: [String: Int] = [:]

    /// How many records are read between two looks at the clock.
    private static let recordsPerLook = 64

    init(_ stream: StreamDefinition) { self.stream = stream }

    /// Reads records. The good bars of a bad record count, unless bad records stop the stream.
    mutating func take(_ shards: [ShardRecords<KafkaRecord>], until deadline: WorkDeadline) {
        var decoder = BarDecoder(stream.window)
        for shard in shards {
            let first = records.count
            records += shard.records.map { (shard.shard, $0) }
            var isOver = false
            for place in first..<records.count {
                if (place - first) % Self.recordsPerLook == 0, deadline.hasPassed {
                    reason = .deadline
                    isOver = true
                } else if let error = take(place, &decoder) {
                    reason = .badRecord(error)
                    isOver = true
                }
                if isOver {
                    leave(place)
                    break
                }
            }
        }
    }

    /// Reads one record; returns what is wrong with it if that stops the stream.
    private mutating func take(_ place: Int, _ decoder: inout BarDecoder) -> RecordError? {
        let record = records[place].record
        guard let payload = record.payload else {
            tombstones += 1
            return nil
        }
        var bars: [Bar] = []
        var fault: RecordError?
        do throws(RecordError) {
            let read = try payload.encoded.withUnsafeBytes { text throws(RecordError) in
                try decoder.decode(base64: text.bytes, recordTimestampMs: record.knownTimestampMs ?? 0)
            }
            (bars, fault) = (read.bars, read.fault)
        } catch {
            fault = error
        }
        if let fault {
            switch stream.onBadRecord {
            case .deadLetter: faults[place] = fault
            case .drop: dropped += 1
            case .fail: return fault
            }
        }
        for bar in bars { maxima.take(bar, of: place) }
        return nil
    }

    /// Notes that the server refused a document whose price this record holds. It is a bad record whatever the stream
    /// says of those: nobody but the dead-letter table would know of it.
    mutating func refuse(_ place: Int, index: String, _ fault: BulkFault) {
        guard faults[place] == nil else { return }
        faults[place] = RecordError(.refused, at: 0, "the index \(index) refused a quote: \(fault)")
    }

    /// Notes that a record, and with it all that follow in its partition, must come again.
    mutating func leave(_ place: Int) {
        let shard = records[place].shard
        firstLeft[shard] = min(firstLeft[shard] ?? place, place)
    }

    /// The bad records that nothing before them in their partition keeps waiting.
    ///
    /// The dead-letter table knows by the offsets which records it has: a later one that went there first would pass
    /// for an earlier one's being there.
    var letters: [(record: Int, letter: DeadLetter)] {
        faults.sorted { $0.key < $1.key }.compactMap { place, error in
            let (shard, record) = records[place]
            if let first = firstLeft[shard], place >= first { return nil }
            return (place, DeadLetter(shard: shard, record: record, error: error))
        }
    }

    /// The first record of each partition that must come again.
    var remainder: [(shard: String, offset: Int64)] {
        firstLeft.values.sorted().map { (records[$0].shard, records[$0].record.offset) }
    }
}
