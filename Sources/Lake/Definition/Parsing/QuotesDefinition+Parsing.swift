extension QuotesDefinition {
    /// - Parameter assets: the symbols that are meant where none are given.
    init?(parsing value: DefinitionValue, assets: AssetsDefinition?) {
        guard
            let object = value.object(required: ["stream"], optional: ["url", "symbols", "interval"])
        else { return nil }
        let url = object["url"].map { $0.webAddress() } ?? Self.defaultURL
        let symbols = object["symbols"]?.symbols() ?? assets?.symbols ?? []
        if symbols.isEmpty {
            (object["symbols"] ?? value).complain("needs symbols, here or under \"assets\"")
        }
        let interval = object["interval"]?.duration(atMost: (60_000, "1m")) ?? Self.defaultIntervalMs
        guard let stream = object["stream"]?.streamName(), let url else { return nil }
        self.init(stream: stream, url: url, symbols: symbols, intervalMs: interval)
    }
}
