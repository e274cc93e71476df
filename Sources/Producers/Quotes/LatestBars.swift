internal import JSON

/// The bars of Alpaca's reply, `{"bars":{"BTC/USD":{…},…}}`, each as it came, byte by byte: nothing of a bar is read or
/// written anew, so that numbers keep their digits and members that nobody here knows go on.
struct LatestBars {
    /// One symbol's bar.
    struct Bar: Equatable {
        /// The symbol.
        let symbol: String
        /// The bar as it came: one JSON object.
        let text: [UInt8]

        /// What goes to the topic: `{"bars":{"BTC/USD":{…}}}`.
        var payload: [UInt8] {
            var writer = JSONWriter()
            writer.string(symbol)
            return Array("{\"bars\":{".utf8) + writer.bytes + Array(":".utf8) + text + Array("}}".utf8)
        }
    }

    /// The bars that were asked for, in the order asked.
    private(set) var bars: [Bar] = []
    /// Symbols asked for whose bar is not there, or null.
    private(set) var missing: [String] = []
    /// Symbols asked for whose bar is something else than an object.
    private(set) var malformed: [String] = []
    /// How many others came, which are left out.
    private(set) var unasked = 0

    /// Cuts the bars out of a reply; where a symbol stands twice, the last counts.
    /// - Parameter symbols: those that were asked for.
    /// - Throws: what is wrong with the reply, which then is no such object as a whole.
    init(cutting reply: [UInt8], for symbols: [String]) throws(JSONError) {
        let text = reply.span.bytes
        do {
            _ = try UTF8Span(validating: reply.span)
        } catch {
            throw JSONError(.badString, at: error.byteOffsets.lowerBound, "invalid UTF-8")
        }
        var found: [String: JSONToken] = [:]
        if let place = try Self.member("bars", of: text) {
            var reader = JSONReader(text, at: place)
            guard place.kind == .object else {
                throw JSONError(.wrongKind, at: place.start, "expected an object of bars")
            }
            try reader.beginObject()
            while let key = try reader.nextKey() {
                let symbol = try reader.string(key)
                found[symbol] = try reader.next()
            }
        } else {
            throw JSONError(.wrongKind, at: 0, "expected an object with \"bars\"")
        }
        for symbol in symbols {
            guard let bar = found.removeValue(forKey: symbol), bar.kind != .null else {
                missing.append(symbol)
                continue
            }
            guard bar.kind == .object else {
                malformed.append(symbol)
                continue
            }
            bars.append(Bar(symbol: symbol, text: Array(reply[bar.start..<bar.end])))
        }
        unasked = found.count
    }

    /// A member of the text, which must be one object and nothing else; the last of that name, and nil if there is none.
    private static func member(_ name: StaticString, of text: RawSpan) throws(JSONError) -> JSONToken? {
        var reader = JSONReader(text)
        var place: JSONToken?
        try reader.beginObject()
        while let key = try reader.nextKey() {
            let value = try reader.next()
            if reader.equals(key, name) { place = value }
        }
        try reader.end()
        return place
    }
}
