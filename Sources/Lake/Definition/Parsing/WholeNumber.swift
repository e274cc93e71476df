/// A whole number of at least 1, written in digits without a sign or a leading zero; nil for any other text.
/// - Parameter maximumDigits: at most 18, so that every such number fits.
func wholeNumber(_ text: some StringProtocol, maximumDigits: Int) -> Int64? {
    guard 1...maximumDigits ~= text.utf8.count, text.first != "0",
        text.utf8.allSatisfy({ $0 &- UInt8(ascii: "0") <= 9 })
    else { return nil }
    return Int64(text)
}
