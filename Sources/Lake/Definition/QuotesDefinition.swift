/// The quotes that poll-quotes asks Alpaca for.
public struct QuotesDefinition: Equatable, Sendable {
    /// Name of the stream that they go to, whose source is a Kafka topic and whose decoder is `bars`.
    public let stream: String
    /// The scheme and host of Alpaca's market data, perhaps with a path; `ALPACA_URL` comes first.
    public let url: String
    /// The symbols, such as `BTC/USD`; those of the assets where the definition names none.
    public let symbols: [String]
    /// Between two requests, in milliseconds.
    public let intervalMs: Int64

    /// Where Alpaca answers, unless the definition names another place.
    public static let defaultURL = "https://data.alpaca.markets"
    /// Between two requests, unless the definition says otherwise, in milliseconds.
    public static let defaultIntervalMs: Int64 = 5_000
}
