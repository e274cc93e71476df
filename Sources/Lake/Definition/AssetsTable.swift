public import Columnar

/// The columns that the table of assets must have: one row for each logo and load.
public enum AssetsTable {
    /// The columns by name, each with its type. All of them have a value in every row.
    public static let columns: [(name: String, type: ColumnType)] = [
        (assetID, .string), (url, .string), (loadDate, .timestamp),
    ]

    /// The asset's symbol, such as `BTC`.
    public static let assetID = "asset_id"
    /// Where the logo lies.
    public static let url = "url"
    /// When the logo was loaded, UTC.
    public static let loadDate = "load_date"
}
