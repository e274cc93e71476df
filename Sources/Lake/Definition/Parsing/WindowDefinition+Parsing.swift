extension WindowDefinition {
    init(parsing value: DefinitionValue) {
        let object = value.object(required: [], optional: ["length", "delay", "maximumAhead"])
        func milliseconds(_ name: String, atMost limit: (ms: Int64, text: String)) -> Int64? {
            guard let value = object?[name], let text = value.string() else { return nil }
            guard let length = Self.milliseconds(text) else {
                value.complain(
                    "\"\(text)\" is not a length of time; write a whole number and d, h, m or s, such as \"2m\"")
                return nil
            }
            guard length <= limit.ms else {
                value.complain("\"\(text)\" is too long: at most \(limit.text)")
                return nil
            }
            return length
        }
        let length = milliseconds("length", atMost: (Self.dayMs, "1d"))
        if let length, Self.dayMs % length != 0 {
            object?["length"]?.complain("must divide a day, so that no window holds the end of one")
        }
        self.init(
            lengthMs: length ?? Self.standard.lengthMs,
            delayMs: milliseconds("delay", atMost: (7 * Self.dayMs, "7d")) ?? Self.standard.delayMs,
            maximumAheadMs: milliseconds("maximumAhead", atMost: (7 * Self.dayMs, "7d"))
                ?? Self.standard.maximumAheadMs)
    }

    private static let dayMs: Int64 = 86_400_000

    /// Milliseconds of a length of time such as `90s` or `2m`.
    private static func milliseconds(_ text: String) -> Int64? {
        guard text.utf8.last == UInt8(ascii: "s") else { return RetentionDefinition.milliseconds(text) }
        return wholeNumber(text.utf8.dropLast(), maximumDigits: 9).map { $0 * 1000 }
    }
}
