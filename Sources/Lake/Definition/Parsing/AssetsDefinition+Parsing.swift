internal import Iceberg

extension AssetsDefinition {
    init?(parsing value: DefinitionValue) {
        guard let object = value.object(required: ["table", "symbols"], optional: ["url", "iconSize"]) else {
            return nil
        }
        let url = object["url"].map { $0.webAddress() } ?? Self.defaultURL
        let size = object["iconSize"].map { $0.iconSize() } ?? Self.defaultIconSize
        let symbols = object["symbols"]?.symbols() ?? []
        guard let table = object["table"]?.tableIdentifier(), let url, let size else { return nil }
        self.init(table: table, url: url, iconSize: size, symbols: symbols)
    }
}

extension DefinitionValue {
    /// Pixels of a logo's side.
    fileprivate func iconSize() -> Int? {
        guard let size = count() else { return nil }
        guard size <= AssetsDefinition.maximumIconSize else {
            complain("expected a whole number from 1 to \(AssetsDefinition.maximumIconSize)")
            return nil
        }
        return Int(size)
    }

    /// Symbols, each once.
    func symbols() -> [String] {
        var symbols: [String] = []
        for element in array() ?? [] {
            guard let symbol = element.symbol() else { continue }
            if symbols.contains(symbol) { element.complain("there is another symbol \"\(symbol)\"") }
            symbols.append(symbol)
        }
        return symbols
    }

    /// Two parts around one slash, such as `BTC/USD`.
    fileprivate func symbol() -> String? {
        guard let text = string() else { return nil }
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ Self.isStreamName($0, maximumLength: 64) }) else {
            complain("\"\(text)\" is not a symbol: write BASE/QUOTE, such as BTC/USD")
            return nil
        }
        return text
    }

    /// The scheme, host and perhaps path of a service, without a slash at its end: a key that goes there must not go in
    /// the clear, unless it stays on this machine.
    func webAddress() -> String? {
        guard let text = string() else { return nil }
        guard let address = Self.webAddress(text) else {
            complain(
                "\"\(text)\" is no address of a service: write https://host, perhaps with a port and a path; http:// "
                    + "only for localhost, 127.0.0.1 or [::1]")
            return nil
        }
        return address
    }

    private static func webAddress(_ text: String) -> String? {
        var text = text[...]
        while text.hasSuffix("/") { text.removeLast() }
        let isSecure = text.hasPrefix("https://")
        guard isSecure || text.hasPrefix("http://") else { return nil }
        let rest = text.dropFirst(isSecure ? "https://".count : "http://".count)
        let authority = rest.prefix { $0 != "/" }
        let path = rest.dropFirst(authority.count)
        guard path.utf8.allSatisfy({ isStreamNameByte($0) || $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "~") })
        else { return nil }
        let local = ["localhost", "127.0.0.1", "[::1]"].first { authority == $0 || authority.hasPrefix($0 + ":") }
        guard isSecure || local != nil else { return nil }
        let host = local.map { authority.prefix($0.count) } ?? authority.prefix { $0 != ":" }
        guard local != nil || isStreamName(host, maximumLength: 253) else { return nil }
        let port = authority.dropFirst(host.count)
        if !port.isEmpty {
            guard let number = wholeNumber(port.dropFirst().utf8, maximumDigits: 5), number <= Int64(UInt16.max)
            else { return nil }
        }
        return String(text)
    }
}
