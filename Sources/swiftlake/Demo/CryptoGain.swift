internal import Lake
internal import Simulation

/// What a lake gains from ranges of both topics, given what it held before.
struct CryptoGain {
    /// The records that were sent.
    struct Sent: Equatable {
        let quotes: Range<Int>
        let trades: Range<Int>
    }

    let quotes: TopicGain
    let trades: TopicGain
    /// How far the lake is afterwards.
    let progress: (quotes: TopicProgress, trades: TopicProgress)
    /// All windows that the lake must have afterwards.
    let reckoning: QuoteReckoning
    /// The windows that are new, with the highest price of each.
    let newWindows: [QuoteReckoning.Window: Double]
    /// Late quotes that are new.
    let newLate: Int
    /// Times whose trades and windows are made of nothing but what was sent now, in milliseconds since the epoch; nil if
    /// there are none.
    let freshMs: Range<Int64>?

    init(
        _ before: CryptoLake, sent: Sent, _ quotes: QuoteRecords, _ trades: TradeRecords, window: WindowDefinition
    ) {
        self.quotes = TopicGain(quotes.topic, isBad: quotes.isBad, sent: sent.quotes, before: before.quotes)
        self.trades = TopicGain(trades.topic, isBad: trades.isBad, sent: sent.trades, before: before.trades)
        progress = (
            before.quotes.advanced(to: sent.quotes.upperBound, of: quotes.topic),
            before.trades.advanced(to: sent.trades.upperBound, of: trades.topic)
        )
        reckoning = QuoteReckoning(quotes, progress.quotes, window)
        let earlier = QuoteReckoning(quotes, before.quotes, window)
        newWindows = reckoning.windows.filter { earlier.windows[$0.key] == nil }
        newLate = reckoning.late - earlier.late
        let startMs = max(
            quotes.tickMs(before.quotes.nextRecord(of: quotes.topic)),
            trades.tickMs(before.trades.nextRecord(of: trades.topic)))
        let wholeMs = reckoning.start(ofWindowAt: startMs + window.lengthMs - 1)
        let endMs = (newWindows.keys.map(\.startMs).max() ?? .min / 2) + window.lengthMs
        freshMs = wholeMs < endMs ? wholeMs..<endMs : nil
    }

    /// The new windows that are made of nothing but what was sent now.
    var freshWindows: [QuoteReckoning.Window: Double] {
        newWindows.filter { freshMs?.contains($0.key.startMs) ?? false }
    }

    /// How many trades of ``freshMs`` have a price: the rows that the view must have of that time.
    func freshTradesWithPrice(_ trades: TradeRecords) -> Int {
        guard let freshMs else { return 0 }
        var count = 0
        for (partition, next) in progress.trades.next {
            for offset in 0..<next {
                let index = TradeRecords.index(partition, offset)
                let timeMs = trades.timeUs(index) / 1000
                guard freshMs.contains(timeMs), !trades.isBad(index) else { continue }
                let startMs = reckoning.start(ofWindowAt: timeMs)
                let window = QuoteReckoning.Window(asset: trades.asset(index), startMs: startMs)
                if reckoning.windows[window] != nil { count += 1 }
            }
        }
        return count
    }

    /// Compares what the lake gained with what it should have.
    func check(_ before: CryptoLake, _ after: CryptoLake, logos: Int) throws(CommandFailure) {
        let letters = quotes.deadLetters + trades.deadLetters
        let expected = [
            ("prices", newWindows.count, after.quoteRows - before.quoteRows),
            ("trades", trades.good, after.tradeRows - before.tradeRows),
            ("dead letters", letters, after.deadLetters - before.deadLetters),
            ("logos", logos, after.logoRows - before.logoRows),
        ]
        let wrong = expected.filter { Int64($0.1) != $0.2 }
        guard wrong.isEmpty else {
            let faults = wrong.map { "\(Quantity.grouped($0.2)) \($0.0) instead of \(Quantity.grouped($0.1))" }
            throw CommandFailure(
                "the lake gained \(faults.joined(separator: ", ")): most likely it holds records of another seed or of "
                    + "another --bad-every, or its definition has other columns. Name another lake with --lake")
        }
    }

    /// What can be said once the lake has gained just this.
    func sentence(isReplay: Bool) -> String {
        let letters = quotes.deadLetters + trades.deadLetters
        let earlier = quotes.earlierDeadLetters + trades.earlierDeadLetters
        guard quotes.good + trades.good + letters + earlier > 0 else {
            return "Nothing was added: the lake had taken all of these offsets already."
        }
        var text =
            "Every \(quotes.passedOver + trades.passedOver > 0 ? "new " : "")trade is in the lake once, and every minute "
            + "that is over once for each asset: \(Quantity.counted(trades.good, "trade")), "
            + "\(Quantity.counted(newWindows.count, "price")) and \(Quantity.counted(letters, "dead letter")) were added"
        if newLate > 0 { text += "; \(Quantity.counted(newLate, "quote")) came too late and were left out" }
        if earlier > 0 { text += "; \(Quantity.counted(earlier, "dead letter")) had been written before" }
        return text + "."
    }
}
