internal import Columnar
internal import Iceberg
internal import LambdaRuntime

/// Makes rows of quotes: each record's bars go into the windows of its partition, and the windows that it closes become
/// rows. The windows go on from where the table's snapshot left them, and back into the next one.
struct QuoteReader: RecordReader, ~Copyable {
    private let columns: QuoteColumns
    private let states: WindowStates
    private let delayUs: Int64
    /// Whether the good bars of a record with bad ones are taken.
    private let takesPartly: Bool
    private var decoder: BarDecoder
    private var partitions: [String: QuoteWindows]
    /// The partitions that a record was read of.
    private var touched: Set<String> = []
    private var late = 0

    /// - Parameters:
    ///   - columns: of the table as it is now.
    ///   - stream: whose records they are.
    ///   - source: identity of the source.
    ///   - shards: topic and partition of every record that will be read.
    ///   - metadata: the table as it is now.
    /// - Throws: ``IcebergError/Code/invalid`` if quotes do not fit the table; ``IcebergError/Code/malformed`` if stored
    ///   windows of these partitions are damaged.
    init(
        _ columns: [Field], of stream: StreamDefinition, source: String, shards: [String], in metadata: TableMetadata
    ) throws(IcebergError) {
        let states = WindowStates(of: source, in: metadata)
        var partitions: [String: QuoteWindows] = [:]
        for shard in shards { partitions[shard] = try states.windows(shard) ?? QuoteWindows() }
        self.columns = try QuoteColumns(columns, of: stream.table)
        self.states = states
        self.partitions = partitions
        delayUs = stream.window.delayUs
        takesPartly = stream.onBadRecord != .fail
        decoder = BarDecoder(stream.window)
    }

    var fields: [Field] { columns.fields }

    var counts: ReaderCounts { ReaderCounts(late: late, sharedAssets: sharedSymbols) }

    var state: [String: String] {
        var entries: [String: String] = [:]
        for shard in touched {
            guard var windows = partitions[shard] else { continue }
            windows.forgetSilentSymbols()
            entries[states.name(shard)] = windows.serialized()
        }
        return entries
    }

    mutating func read(
        _ record: some SourceRecord, payload: Base64View, of shard: String, into batch: RecordBatch
    ) throws(RecordError) {
        let timestampMs = record.knownTimestampMs ?? 0
        let bars = try payload.encoded.withUnsafeBytes { text throws(RecordError) in
            try decoder.decode(base64: text.bytes, recordTimestampMs: timestampMs)
        }
        if let fault = bars.fault, !takesPartly { throw fault }
        touched.insert(shard)
        take(bars.bars, of: shard, into: batch)
        if let fault = bars.fault { throw fault }
    }

    private mutating func take(_ bars: [Bar], of shard: String, into batch: RecordBatch) {
        let before = partitions[shard]?.lateBars ?? 0
        let quotes = partitions[shard, default: QuoteWindows()].take(bars, delayUs: delayUs)
        late += Int((partitions[shard]?.lateBars ?? 0) - before)
        for quote in quotes { columns.append(quote, to: batch) }
    }

    /// How many symbols of the partitions that were read have been seen on another partition of their topic, within a day
    /// of each other by their bars' own times.
    private var sharedSymbols: Int {
        var shared: Set<QuoteSymbol> = []
        for topic in Set(touched.compactMap(WindowStates.topic)) {
            let read = touched.filter { WindowStates.topic(of: $0) == topic }
            let mine = read.compactMap { partitions[$0] }
            let others = mine + states.neighbours(ofTopic: topic, except: read)
            for (place, windows) in mine.enumerated() {
                for (number, other) in others.enumerated() where number != place {
                    shared.formUnion(windows.symbols(sharedWith: other))
                }
            }
        }
        return shared.count
    }
}
