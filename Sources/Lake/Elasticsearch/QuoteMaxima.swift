/// The documents that records make: for each asset and window the highest price, in the order in which the first bar of
/// each came.
struct QuoteMaxima {
    /// The documents.
    private(set) var documents: [QuoteDocument] = []
    private var places: [Key: Int] = [:]

    private struct Key: Hashable {
        let symbol: QuoteSymbol
        let window: QuoteWindow
    }

    /// Takes a bar of the record at this place.
    mutating func take(_ bar: Bar, of record: Int) {
        let key = Key(symbol: bar.symbol, window: bar.window)
        if let place = places[key] {
            documents[place].take(bar, of: record)
        } else {
            places[key] = documents.count
            documents.append(QuoteDocument(bar, of: record))
        }
    }
}
