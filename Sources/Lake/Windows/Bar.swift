/// One symbol's bar of a record, as far as quotes need it.
struct Bar: Equatable, Sendable {
    let symbol: QuoteSymbol
    /// The bar's `t`, in microseconds since 1970-01-01T00:00:00Z.
    let timeUs: Int64
    /// The bar's `c`: finite, and not below zero; never −0.
    let price: Double
    /// The window that the time falls into.
    let window: QuoteWindow
}
