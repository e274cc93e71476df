internal import Lake
internal import Simulation

/// What simulated records a stream of the lake takes, and how many.
struct Simulator {
    /// What the records are about.
    enum Kind: String, CaseIterable {
        case sensors, trades, quotes

        /// Of all records, the share of this kind, in tenths.
        var share: Int {
            switch self {
            case .sensors: 6
            case .trades: 3
            case .quotes: 1
            }
        }
    }

    let kind: Kind
    let source: TwinSource
    /// Records a second.
    let rate: Int

    /// About so many seconds lie between two anomalies of all devices, and so long a device is silent then: the records
    /// that it does not send are missing in the rate.
    private static let anomalySeconds = 60
    private static let silenceUs: Int64 = 60_000_000

    /// The simulators of a lake: each stream whose table has the columns that a kind of records fills, and the rate split
    /// among them.
    static func all(of sources: [TwinSource], rate: Int, _ definition: LakeDefinition) -> [Simulator] {
        let found = sources.compactMap { source in kind(of: source.stream, definition).map { ($0, source) } }
        let shares = found.reduce(0) { $0 + $1.0.share }
        guard shares > 0 else { return [] }
        var rates = found.map { rate * $0.0.share / shares }
        // What the division leaves goes to the first; and a rate too small for all still makes the first's records.
        rates[0] += rate - rates.reduce(0, +)
        return zip(found, rates).filter { $1 > 0 }.map { Simulator(kind: $0.0, source: $0.1, rate: $1) }
    }

    private static func kind(of stream: StreamDefinition, _ definition: LakeDefinition) -> Kind? {
        if stream.decoder == .bars { return .quotes }
        let columns = Set((definition.table(stream.table)?.columns ?? []).map(\.name))
        let sensors: Set = ["temperature", "cpu", "ram", "hd", "timestamp", "timestamp_sent", "id_device"]
        let trades: Set = [
            "transaction_id", "document_id", "asset_id", "asset_type", "transaction_timestamp", "quantity",
        ]
        return columns.isSuperset(of: sensors) ? .sensors : columns.isSuperset(of: trades) ? .trades : nil
    }

    /// The records by their numbers, which follow from the time alone: a later start makes other records, never the same
    /// again.
    func records(seed: UInt64, devices: Int) -> SimulatedStream {
        switch kind {
        case .sensors:
            SensorReadings(
                seed: seed, devices: devices, pace: Pace(startMs: 0, perSecond: rate),
                anomalyRate: UInt64(max(1, rate) * Self.anomalySeconds), silenceUs: Self.silenceUs
            ).stream
        case .trades: TradeRecords(seed: seed, pace: Pace(startMs: 0, perSecond: rate), numbering: .time).stream
        case .quotes:
            // Each tick makes a record for each asset.
            QuoteRecords(
                seed: seed,
                pace: Pace(
                    startMs: 0, records: Int64(rate), periodUs: Int64(CryptoMarket.assets.count) * 1_000_000)
            ).stream
        }
    }
}
