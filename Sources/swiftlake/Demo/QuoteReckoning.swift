internal import Calendar
internal import Lake
internal import Simulation

/// What windows the quotes of a lake must have become, reckoned from the generated records one by one: to compare the lake
/// with.
struct QuoteReckoning {
    /// An asset's window.
    struct Window: Hashable {
        /// The number of the asset in the market.
        let asset: Int
        /// In milliseconds since the epoch.
        let startMs: Int64
    }

    /// The highest price of each window that has been written.
    private(set) var windows: [Window: Double] = [:]
    /// Quotes that came when their window was over.
    private(set) var late = 0

    private let definition: WindowDefinition

    /// Reckons all records that a lake has taken.
    init(_ quotes: QuoteRecords, _ progress: TopicProgress, _ definition: WindowDefinition) {
        self.definition = definition
        for (partition, next) in progress.next { take(quotes, partition, next) }
    }

    /// The start of the window that holds a time, in milliseconds since the epoch.
    func start(ofWindowAt timeMs: Int64) -> Int64 {
        floorDivide(timeMs, definition.lengthMs) * definition.lengthMs
    }

    private mutating func take(_ quotes: QuoteRecords, _ partition: Int, _ next: Int64) {
        var open: [Window: Double] = [:]
        var largestMs = Int64.min
        for offset in 0..<next {
            guard let bar = quotes.bar(QuoteRecords.index(partition, offset)), let price = Double(bar.price) else {
                continue
            }
            let window = Window(asset: bar.asset, startMs: start(ofWindowAt: bar.timeMs))
            let watermark = largestMs == .min ? largestMs : largestMs - definition.delayMs
            guard window.startMs + definition.lengthMs > watermark else {
                late += 1
                continue
            }
            open[window] = max(price, open[window] ?? 0)
            guard bar.timeMs > largestMs else { continue }
            largestMs = bar.timeMs
            for (window, price) in open where window.startMs + definition.lengthMs <= largestMs - definition.delayMs {
                windows[window] = price
                open[window] = nil
            }
        }
    }
}
