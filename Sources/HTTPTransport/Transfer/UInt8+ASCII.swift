/// The characters that HTTP's grammar tells apart, as bytes.
extension UInt8 {
    /// A capital letter made small; any other byte as it is.
    var lowercased: UInt8 { self >= UInt8(ascii: "A") && self <= UInt8(ascii: "Z") ? self | 0x20 : self }

    var isDigit: Bool { self >= UInt8(ascii: "0") && self <= UInt8(ascii: "9") }

    /// A space or a tab, which may surround a field's value (RFC 9110 §5.6.3).
    var isBlank: Bool { self == 0x20 || self == 0x09 }
}
