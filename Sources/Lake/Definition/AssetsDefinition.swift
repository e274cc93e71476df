public import Iceberg

/// The assets that the lake follows, and where their logos come from.
public struct AssetsDefinition: Equatable, Sendable {
    /// Where rows of logos go.
    public let table: TableIdentifier
    /// The scheme and host of CoinAPI, perhaps with a path; `COINAPI_URL` comes first.
    public let url: String
    /// Pixels of a logo's side.
    public let iconSize: Int
    /// The symbols whose quotes are asked for, such as `BTC/USD`.
    public let symbols: [String]

    /// Where CoinAPI answers, unless the definition names another place.
    public static let defaultURL = "https://rest.coinapi.io"
    /// Pixels of a logo's side, unless the definition says otherwise.
    public static let defaultIconSize = 32
    /// The largest side of a logo that a definition may ask for, in pixels.
    static let maximumIconSize: Int64 = 1024
}
