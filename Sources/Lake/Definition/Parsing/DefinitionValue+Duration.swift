extension DefinitionValue {
    /// Milliseconds of a length of time such as `90s` or `2m`, from one second to a limit.
    func duration(atMost limit: (ms: Int64, text: String)) -> Int64? {
        guard let text = string() else { return nil }
        guard let length = Self.milliseconds(text) else {
            complain("\"\(text)\" is not a length of time; write a whole number and d, h, m or s, such as \"2m\"")
            return nil
        }
        guard length <= limit.ms else {
            complain("\"\(text)\" is too long: at most \(limit.text)")
            return nil
        }
        return length
    }

    private static func milliseconds(_ text: String) -> Int64? {
        guard text.utf8.last == UInt8(ascii: "s") else { return RetentionDefinition.milliseconds(text) }
        return wholeNumber(text.utf8.dropLast(), maximumDigits: 9).map { $0 * 1000 }
    }
}
