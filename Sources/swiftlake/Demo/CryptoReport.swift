internal import Iceberg
internal import Simulation

/// What the demo shows of the market at its end. Tables are read from their manifests; prices and the view by DuckDB, and
/// compared with what was reckoned from the generated records.
struct CryptoReport {
    let place: LakePlace
    let trades: TradeRecords
    let gain: CryptoGain

    /// The asset whose prices are drawn.
    private static let drawn = CryptoMarket.assets[0]
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
    func answers(_ duckDB: DuckDBProgram) throws -> [String] {
        let answers = try duckDB.run(try LakeScript(place).text + queries.joined(separator: ";\n") + ";\n")
        guard answers.count == queries.count, let version = answers[0].rows.first?.first ?? nil else {
            throw CommandFailure("\(duckDB.path) gave \(answers.count) answers to \(queries.count) queries")
        }
        try check(answers[2], answers[3])
        let rows = Self.number(answers[3], 0)
        var lines = Self.chart(Self.prices(answers[1]), "as DuckDB \(version) reads them from the lake")
        lines += ["VIEW \(CryptoLake.view), summed up by DuckDB \(version)"] + Self.table(answers[4])
        lines += ["", "and the newest of its \(Quantity.counted(rows, "row"))"] + Self.table(answers[5])
        if gain.freshMs != nil {
            lines += [
                "",
                "DuckDB reads the prices that were reckoned from the records themselves, and one row of the view for each",
                "new trade whose minute is over.",
            ]
        }
        return lines + [""]
    }

    /// Prices as they were sent, where no DuckDB can read them.
    func withoutDuckDB() -> [String] {
        let prices = gain.reckoning.windows.filter { $0.key.asset == 0 }
        return Self.chart(
            Dictionary(uniqueKeysWithValues: prices.map { ($0.key.startMs, $0.value) }),
            "reckoned from the records: no DuckDB was given to read the lake with (--query)")
    }

    /// How to go on.
    func next() -> [String] {
        [
            "NEXT",
            "  " + place.command("table", "history", CryptoLake.quotesTable),
            "  " + place.command("view", "show", CryptoLake.view),
            "  " + place.command("view", "script") + " > lake.sql && duckdb -init lake.sql", "",
        ]
    }

    // MARK: - Queries

    private var queries: [String] {
        let (quotes, view) = (CryptoLake.quotesTable, CryptoLake.view)
        func within(_ column: String, _ bounds: Range<Int64>) -> String {
            "\(column) >= make_timestamp_ms(\(bounds.lowerBound)) AND \(column) < make_timestamp_ms(\(bounds.upperBound))"
        }
        let ends = gain.reckoning.windows.keys.map(\.startMs)
        // Other sources may have filled the same tables, with times of their own.
        let all = min(CryptoMarket.openingMs, ends.min() ?? 0)..<(ends.max() ?? CryptoMarket.openingMs) + 1
        let fresh = gain.freshMs ?? 0..<0
        return [
            "SELECT version()",
            """
            SELECT epoch_ms(start_window), price_crypto FROM \(quotes) WHERE asset_id = \(ShellText.sql(Self.drawn.id))
            AND \(within("start_window", all)) ORDER BY start_window DESC LIMIT \(Self.drawnMinutes)
            """,
            """
            SELECT asset_id, epoch_ms(start_window), price_crypto FROM \(quotes)
            WHERE \(within("start_window", fresh))
            """,
            "SELECT count(*), count(*) FILTER (WHERE \(within("transaction_timestamp", fresh))) FROM \(view)",
            """
            SELECT asset_id, printf('%,d', count(*)) AS trades,
                printf('%,d', CAST(sum(quantity) AS BIGINT)) AS quantity,
                printf('%,.2f', min(price_crypto)) AS "lowest price",
                printf('%,.2f', max(price_crypto)) AS "highest price",
                printf('%,.2f', sum(total_price_transaction)) AS total, '…' || right(any_value(url), 16) AS logo
            FROM \(view) GROUP BY asset_id ORDER BY sum(total_price_transaction) DESC
            """,
            """
            SELECT document_id, asset_id, asset_type, '…' || right(url, 12) AS url, price_crypto, quantity,
                round(total_price_transaction, 6) AS total_price_transaction, trade_type, transaction_timestamp
            FROM \(view) ORDER BY transaction_timestamp DESC, document_id LIMIT \(Self.shown)
            """,
        ]
    }

    /// Compares what DuckDB reads of the new records with what was reckoned.
    private func check(_ prices: DuckDBProgram.Answer, _ counts: DuckDBProgram.Answer) throws(CommandFailure) {
        let numbers = Dictionary(uniqueKeysWithValues: CryptoMarket.assets.enumerated().map { ($1.id, $0) })
        var found: [QuoteReckoning.Window: Double] = [:]
        for row in prices.rows {
            guard row.count == 3, let asset = row[0].flatMap({ numbers[$0] }),
                let startMs = row[1].flatMap({ Int64($0) }), let price = row[2].flatMap({ Double($0) })
            else { throw CommandFailure("\(CryptoLake.quotesTable) has the row \(row), which the demo did not send") }
            found[QuoteReckoning.Window(asset: asset, startMs: startMs)] = price
        }
        let expected = gain.freshWindows
        guard found == expected, prices.rows.count == found.count else {
            let wrong = expected.count { found[$0.key] != $0.value }
            throw CommandFailure(
                "\(wrong) of \(expected.count) new prices are not in \(CryptoLake.quotesTable) as they should be, and it has "
                    + "\(prices.rows.count) rows of their time")
        }
        let (rows, expectedRows) = (Self.number(counts, 1), gain.freshTradesWithPrice(trades))
        guard rows == expectedRows else {
            throw CommandFailure(
                "\(CryptoLake.view) has \(rows) new rows instead of \(expectedRows), one for each new trade whose minute is "
                    + "over")
        }
    }

    // MARK: - Answers

    private static func number(_ answer: DuckDBProgram.Answer, _ column: Int) -> Int {
        guard let row = answer.rows.first, column < row.count else { return 0 }
        return row[column].flatMap { Int($0) } ?? 0
    }

    /// Prices by the start of their windows.
    private static func prices(_ answer: DuckDBProgram.Answer) -> [Int64: Double] {
        var prices: [Int64: Double] = [:]
        for row in answer.rows where row.count == 2 {
            if let startMs = row[0].flatMap({ Int64($0) }), let price = row[1].flatMap({ Double($0) }) {
                prices[startMs] = price
            }
        }
        return prices
    }

    private static func chart(_ prices: [Int64: Double], _ source: String) -> [String] {
        guard let last = prices.keys.max(), let earliest = prices.keys.min() else { return [] }
        let minuteMs: Int64 = 60_000
        let first = max(earliest, last - Int64(drawnMinutes - 1) * minuteMs)
        let points = stride(from: first, through: last, by: Int(minuteMs)).map { prices[$0] }
        let ends = [first, last].map { String(TimeText.second($0).prefix(16)) }
        let chart = LineChart(points: points, ends: (ends[0], ends[1]))
        return ["PRICE of \(drawn.symbol) by minute, \(source)"] + chart.lines + [""]
    }

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
