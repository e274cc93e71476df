/// What a quote is of: the symbol `BTC/USD` is the asset `BTC` of the type `USD`.
///
/// Symbols are told apart and ordered by their bytes, as every engine that reads the table does; Swift's strings would
/// take two spellings of one accented letter for the same.
struct QuoteSymbol: Sendable {
    /// Before the slash; not empty.
    let assetID: String
    /// Behind the slash; not empty.
    let assetType: String

    /// A longer symbol, in bytes of UTF-8, is a fault: each one that is seen is kept for a day in every snapshot.
    static let longest = 64

    /// A symbol as feeds write it; nil if it has no slash or several, nothing on one side of it, or is too long.
    init?(parsing text: String) {
        guard text.utf8.count <= Self.longest, let slash = text.utf8.firstIndex(of: UInt8(ascii: "/")) else {
            return nil
        }
        let rest = text.utf8.index(after: slash)
        guard slash > text.startIndex, rest < text.endIndex, !text.utf8[rest...].contains(UInt8(ascii: "/")) else {
            return nil
        }
        assetID = String(text[..<slash])
        assetType = String(text[rest...])
    }

    /// As feeds write it.
    var text: String { assetID + "/" + assetType }
}

extension QuoteSymbol: Hashable {
    static func == (left: QuoteSymbol, right: QuoteSymbol) -> Bool {
        left.assetID.utf8.elementsEqual(right.assetID.utf8) && left.assetType.utf8.elementsEqual(right.assetType.utf8)
    }

    func hash(into hasher: inout Hasher) {
        Self.hash(assetID, into: &hasher)
        Self.hash(assetType, into: &hasher)
    }

    private static func hash(_ text: String, into hasher: inout Hasher) {
        var text = text
        text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
        // No text holds this byte: it tells where the first part ends.
        hasher.combine(0xFF as UInt8)
    }
}

extension QuoteSymbol: Comparable {
    static func < (left: QuoteSymbol, right: QuoteSymbol) -> Bool {
        if left.assetID.utf8.elementsEqual(right.assetID.utf8) {
            return left.assetType.utf8.lexicographicallyPrecedes(right.assetType.utf8)
        }
        return left.assetID.utf8.lexicographicallyPrecedes(right.assetID.utf8)
    }
}
