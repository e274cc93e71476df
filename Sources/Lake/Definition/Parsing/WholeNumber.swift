/// A whole number of at least 1, written in digits without a sign or a leading zero; nil for any other text.
/// - Parameter maximumDigits: at most 18, so that every such number fits.
func wholeNumber(_ text: some Collection<UInt8>, maximumDigits: Int) -> Int64? {
    guard 1...maximumDigits ~= text.count, text.first != UInt8(ascii: "0") else { return nil }
    var number: Int64 = 0
    for byte in text {
        let digit = byte &- UInt8(ascii: "0")
        guard digit <= 9 else { return nil }
        number = number * 10 + Int64(digit)
    }
    return number
}
