extension WindowDefinition {
    init(parsing value: DefinitionValue) {
        let object = value.object(required: [], optional: ["length", "delay", "maximumAhead"])
        let length = object?["length"]?.duration(atMost: (Self.dayMs, "1d"))
        if let length, Self.dayMs % length != 0 {
            object?["length"]?.complain("must divide a day, so that no window holds the end of one")
        }
        self.init(
            lengthMs: length ?? Self.standard.lengthMs,
            delayMs: object?["delay"]?.duration(atMost: (7 * Self.dayMs, "7d")) ?? Self.standard.delayMs,
            maximumAheadMs: object?["maximumAhead"]?.duration(atMost: (7 * Self.dayMs, "7d"))
                ?? Self.standard.maximumAheadMs)
    }

    private static let dayMs: Int64 = 86_400_000
}
