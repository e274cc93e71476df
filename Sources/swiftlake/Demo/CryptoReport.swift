internal import Iceberg

/// What the demo shows of the market at its end. Tables are read from their manifests; prices and the view by DuckDB, and
/// compared with what was reckoned from the generated records.
struct CryptoReport {
    let place: LakePlace
    let quotes: QuoteRecords
    let trades: TradeRecords
    let reckoning: QuoteReckoning

    /// The number of the asset whose prices are drawn.
    private static let drawn = 0
    /// Minutes that are drawn at most.
    private static let drawnMinutes = 120
    /// Rows of the view that are shown.
    private static let shown = 6

    /// The tables of the market.
    func tables() throws -> [String] {
        let names = [
            CryptoLake.assetsTable, CryptoLake.quotesTable, CryptoLake.tradesTable, SensorLake.deadLetterTable,
        ]
        let tables = try LakeInspector(place).tables().filter { names.contains("\($0.identifier)") }
        return ["TABLES"] + (try TableListCommand.lines(tables)) + [""]
    }

    /// Prices and the view, as DuckDB reads them.
    /// - Parameter pricedTrades: how many rows the view must have.
    func answers(_ duckDB: DuckDBProgram, pricedTrades: Int) throws -> [String] {
        let script = try LakeScript(place).text + queries
        let answers = try duckDB.run(script)
        guard answers.count == 5, let version = answers[0].rows.first?.first ?? nil else {
            throw CommandFailure("\(duckDB.path) gave \(answers.count) answers to 5 queries")
        }
        try check(answers[1])
        let rows = answers[2].rows.first?.first.flatMap { $0 }.flatMap { Int($0) } ?? 0
        guard rows == pricedTrades else {
            throw CommandFailure(
                "the view has \(rows) rows instead of \(pricedTrades), one for each trade whose minute has a price")
        }
        var lines = chart("as DuckDB \(version) reads them from the lake")
        lines += ["VIEW \(CryptoLake.view), as DuckDB \(version) answers"]
        lines += Self.table(answers[3]) + ["", "and its newest of \(Quantity.counted(rows, "row"))"]
        lines += Self.table(answers[4])
        lines += [
            "",
            "Every price that DuckDB reads is the one reckoned from the records themselves, and the view has one row for",
            "each trade whose minute is over.", "",
        ]
        return lines
    }

    /// Prices as they were sent, where no DuckDB can read them.
    func withoutDuckDB() -> [String] {
        chart("reckoned from the records, because no DuckDB was given to read the lake with: see --query")
    }

    /// How to go on.
    func next() -> [String] {
        let file = "lake.sql"
        return [
            "NEXT",
            "  " + place.command("table", "history", CryptoLake.quotesTable),
            "  " + place.command("view", "show", CryptoLake.view),
            "  " + place.command("view", "script") + " > \(file) && duckdb -init \(file)", "",
        ]
    }

    // MARK: - Queries

    private var queries: String {
        """
        SELECT version();
        SELECT asset_id, epoch_ms(start_window), price_crypto FROM \(CryptoLake.quotesTable);
        SELECT count(*) FROM \(CryptoLake.view);
        SELECT asset_id, count(*) AS trades, sum(quantity) AS quantity,
            printf('%,.2f', min(price_crypto)) AS "lowest price", printf('%,.2f', max(price_crypto)) AS "highest price",
            printf('%,.2f', sum(total_price_transaction)) AS total, '…' || right(any_value(url), 16) AS logo
        FROM \(CryptoLake.view) GROUP BY asset_id ORDER BY sum(total_price_transaction) DESC;
        SELECT document_id, asset_id, asset_type, '…' || right(url, 12) AS url, price_crypto, quantity,
            round(total_price_transaction, 6) AS total_price_transaction, trade_type, transaction_timestamp
        FROM \(CryptoLake.view) ORDER BY transaction_timestamp DESC, document_id LIMIT \(Self.shown);

        """
    }

    /// Compares every price with the reckoned one.
    private func check(_ answer: DuckDBProgram.Answer) throws(CommandFailure) {
        let numbers = Dictionary(uniqueKeysWithValues: CryptoMarket.assets.enumerated().map { ($1.id, $0) })
        var found: [QuoteReckoning.Window: Double] = [:]
        for row in answer.rows {
            guard row.count == 3, let asset = row[0].flatMap({ numbers[$0] }),
                let startMs = row[1].flatMap({ Int64($0) }),
                let price = row[2].flatMap({ Double($0) })
            else { throw CommandFailure("\(CryptoLake.quotesTable) has the row \(row), which the demo did not send") }
            found[QuoteReckoning.Window(asset: asset, startMs: startMs)] = price
        }
        guard found == reckoning.windows, answer.rows.count == found.count else {
            let wrong = reckoning.windows.count { found[$0.key] != $0.value }
            throw CommandFailure(
                "\(wrong) of \(reckoning.windows.count) prices are not in \(CryptoLake.quotesTable) as they should be, "
                    + "which has \(answer.rows.count) rows")
        }
    }

    // MARK: - Presentation

    private func chart(_ source: String) -> [String] {
        let windows = reckoning.windows.filter { $0.key.asset == Self.drawn }
        guard let last = windows.keys.map(\.startMs).max() else { return [] }
        let minuteMs: Int64 = 60_000
        let first = max(
            windows.keys.map(\.startMs).min() ?? last, last - Int64(Self.drawnMinutes - 1) * minuteMs)
        let points = stride(from: first, through: last, by: Int(minuteMs)).map { startMs in
            windows[QuoteReckoning.Window(asset: Self.drawn, startMs: reckoning.start(ofWindowAt: startMs))]
        }
        let chart = LineChart(points: points, ends: (Self.minute(first), Self.minute(last)))
        let symbol = CryptoMarket.assets[Self.drawn].symbol
        return ["PRICE of \(symbol) by minute, \(source)"] + chart.lines + [""]
    }

    private static func minute(_ milliseconds: Int64) -> String { String(TimeText.second(milliseconds).prefix(16)) }

    private static func table(_ answer: DuckDBProgram.Answer) -> [String] {
        let numbers = answer.columns.indices.map { column in
            answer.rows.allSatisfy { row in
                row[column].map { $0.allSatisfy { $0.isNumber || ".,-".contains($0) } } ?? true
            }
        }
        var table = TextTable(zip(answer.columns, numbers).map { ($0, $1 ? .right : .left) })
        for row in answer.rows { table.add(row.map { $0 ?? "" }) }
        return table.lines
    }
}
