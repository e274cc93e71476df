internal import JSON

/// CoinAPI's list of logos: an array of objects, of which the members `asset_id` and `url` are read. All members are
/// optional there.
struct LogoList {
    /// Where the logo of an asset lies.
    struct Logo: Hashable {
        /// Symbol of the asset, such as `BTC`.
        let assetID: String
        /// Address of the picture.
        let url: String
    }

    /// The logos in the list's order, each once. An asset may have several.
    private(set) var logos: [Logo] = []
    /// Entries without asset or address.
    private(set) var dropped = 0
    /// Entries that repeat an earlier one.
    private(set) var duplicates = 0

    /// Reads a list.
    /// - Throws: `JSONError` if it is no JSON text, or no array.
    init(parsing bytes: RawSpan) throws(JSONError) {
        var reader = JSONReader(bytes)
        var seen: Set<Logo> = []
        try reader.beginArray()
        while try reader.nextElement() {
            guard let logo = try Self.logo(&reader) else {
                dropped += 1
                continue
            }
            if seen.insert(logo).inserted { logos.append(logo) } else { duplicates += 1 }
        }
        try reader.end()
    }

    /// Consumes an entry, whatever it is; nil if it is no logo.
    private static func logo(_ reader: inout JSONReader) throws(JSONError) -> Logo? {
        guard try reader.peek() == .object else {
            try reader.skip()
            return nil
        }
        var assetID: String?
        var url: String?
        try reader.beginObject()
        while let key = try reader.nextKey() {
            if reader.equals(key, "asset_id") {
                assetID = try text(&reader)
            } else if reader.equals(key, "url") {
                url = try text(&reader)
            } else {
                try reader.skip()
            }
        }
        guard let assetID, let url else { return nil }
        return Logo(assetID: assetID, url: url)
    }

    /// Consumes a value; nil unless it is a text that says something.
    private static func text(_ reader: inout JSONReader) throws(JSONError) -> String? {
        let token = try reader.next()
        guard token.kind == .string, token.count > 0 else { return nil }
        return try reader.string(token)
    }
}
