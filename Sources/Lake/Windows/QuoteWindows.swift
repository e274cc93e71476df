internal import Calendar

/// The windows of one topic partition: how far its quotes' time has come, and the prices of the windows that are still
/// open. A value: the same bars in the same order make the same rows, however they are cut into batches.
///
/// The watermark is the largest time so far less the delay, and never goes back. It moves after each record, all of
/// whose bars are judged against the watermark as it stood before: a bar whose window had ended by then is late. Every
/// open window that has ended by the moved watermark is closed, and its prices are rows. So what is open is never more
/// than the windows of one delay and one length.
struct QuoteWindows: Equatable, Sendable {
    /// In microseconds since the epoch; nil before the first bar.
    private(set) var watermarkUs: Int64?
    /// Bars that came after their window had been closed, since the partition's first record.
    private(set) var lateBars: Int64
    /// The highest prices of the windows that are open.
    private(set) var open: [QuoteWindow: [QuoteSymbol: Double]]
    /// The hour of each symbol's newest bar, in hours since the epoch; those of more than ``hoursKept`` before the
    /// watermark may be forgotten.
    private(set) var seenHours: [QuoteSymbol: Int64]
    /// The first end of an open window, so that records that close none need not look.
    private var earliestEndUs: Int64

    /// How long a symbol without new bars is remembered, in hours of its partition's own time.
    static let hoursKept: Int64 = 24

    /// Windows as they were stored; by default those of a partition that no record has come from.
    init(
        watermarkUs: Int64? = nil, lateBars: Int64 = 0, open: [QuoteWindow: [QuoteSymbol: Double]] = [:],
        seenHours: [QuoteSymbol: Int64] = [:]
    ) {
        self.watermarkUs = watermarkUs
        self.lateBars = lateBars
        self.open = open
        self.seenHours = seenHours
        earliestEndUs = open.keys.map(\.endUs).min() ?? .max
    }

    /// Takes the good bars of one record.
    /// - Returns: the quotes of the windows that it closes, by window, asset and type.
    mutating func take(_ bars: [Bar], delayUs: Int64) -> [Quote] {
        var largestUs: Int64?
        for bar in bars {
            if let watermarkUs, bar.window.endUs <= watermarkUs {
                if lateBars < .max { lateBars += 1 }
                continue
            }
            largestUs = max(largestUs ?? .min, bar.timeUs)
            add(bar)
        }
        guard let largestUs else { return [] }
        let (movedUs, overflows) = largestUs.subtractingReportingOverflow(delayUs)
        let watermarkUs = max(self.watermarkUs ?? .min, overflows ? .min : movedUs)
        self.watermarkUs = watermarkUs
        return earliestEndUs <= watermarkUs ? close(upTo: watermarkUs) : []
    }

    private mutating func add(_ bar: Bar) {
        let hour = floorDivide(bar.timeUs, microsecondsPerHour)
        if seenHours[bar.symbol, default: .min] < hour { seenHours[bar.symbol] = hour }
        if open[bar.window, default: [:]][bar.symbol, default: -1] < bar.price {
            open[bar.window, default: [:]][bar.symbol] = bar.price
        }
        earliestEndUs = min(earliestEndUs, bar.window.endUs)
    }

    private mutating func close(upTo watermarkUs: Int64) -> [Quote] {
        var quotes: [Quote] = []
        for window in open.keys.filter({ $0.endUs <= watermarkUs }).sorted() {
            for (symbol, price) in open[window, default: [:]].sorted(by: { $0.key < $1.key }) {
                quotes.append(Quote(window: window, symbol: symbol, price: price))
            }
            open[window] = nil
        }
        earliestEndUs = open.keys.map(\.endUs).min() ?? .max
        return quotes
    }

    /// Forgets the symbols that have been silent for longer than they are kept, unless a window of theirs is open.
    mutating func forgetSilentSymbols() {
        guard let watermarkUs else { return }
        let oldestHour = floorDivide(watermarkUs, microsecondsPerHour) - Self.hoursKept
        guard seenHours.values.contains(where: { $0 < oldestHour }) else { return }
        let priced = Set(open.values.flatMap(\.keys))
        seenHours = seenHours.filter { $1 >= oldestHour || priced.contains($0) }
    }

    /// The symbols that two partitions have both seen, less than ``hoursKept`` apart by their bars' own times.
    func symbols(sharedWith other: QuoteWindows) -> [QuoteSymbol] {
        seenHours.compactMap { symbol, hour in
            guard let otherHour = other.seenHours[symbol], abs(hour - otherHour) <= Self.hoursKept else { return nil }
            return symbol
        }
    }
}
