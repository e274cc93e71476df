public import Columnar

/// The columns that a table must have which bars fill: one row for each asset and window.
public enum QuoteTable {
    /// The columns by name, each with its type. All of them have a value in every row.
    public static let columns: [(name: String, type: ColumnType)] = [
        (assetID, .string), (assetType, .string), (startWindow, .timestamp), (endWindow, .timestamp),
        (price, .double), (referenceDate, .date),
    ]

    /// The symbol's part before the slash, such as `BTC`.
    public static let assetID = "asset_id"
    /// The symbol's part after the slash, such as `USD`.
    public static let assetType = "asset_type"
    /// Where the window begins, which belongs to it.
    public static let startWindow = "start_window"
    /// Where the window ends, which does not belong to it.
    public static let endWindow = "end_window"
    /// The highest closing price of the window.
    public static let price = "price_crypto"
    /// The day on which the window begins, UTC.
    public static let referenceDate = "ref_date"
}
