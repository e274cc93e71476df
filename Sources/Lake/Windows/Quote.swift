/// The highest price of one symbol within one window: a row of the table.
struct Quote: Equatable, Sendable {
    let window: QuoteWindow
    let symbol: QuoteSymbol
    let price: Double
}
