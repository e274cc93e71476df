extension WindowDefinition {
    init(parsing value: DefinitionValue) {
        let object = value.object(required: [], optional: ["length", "delay", "maximumAhead"])
        func milliseconds(_ name: String) -> Int64? {
            guard let value = object?[name], let text = value.string() else { return nil }
            let length = RetentionDefinition.milliseconds(text)
            if length == nil { value.complain("\"\(text)\" is no length of time: write for example \"2m\" or \"1h\"") }
            return length
        }
        self.init(
            lengthMs: milliseconds("length") ?? Self.standard.lengthMs,
            delayMs: milliseconds("delay") ?? Self.standard.delayMs,
            maximumAheadMs: milliseconds("maximumAhead") ?? Self.standard.maximumAheadMs)
    }
}
