extension HTTPField {
    /// Whether its name is this one, given in lower case.
    func isNamed(_ lowercaseName: StaticString) -> Bool {
        guard name.utf8.count == lowercaseName.utf8CodeUnitCount else { return false }
        let other = UnsafeBufferPointer(start: lowercaseName.utf8Start, count: lowercaseName.utf8CodeUnitCount)
        return name.utf8.elementsEqual(other) { $0.lowercased == $1 }
    }

    /// Why it cannot be sent; nil if it can.
    var fault: String? {
        guard !name.isEmpty, name.utf8.allSatisfy(Self.isTokenByte) else {
            return "a field's name is no token (RFC 9110 §5.6.2)"
        }
        guard value.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }) else {
            return "the value of field \(name) holds a control character"
        }
        if let first = value.utf8.first, let last = value.utf8.last, first.isBlank || last.isBlank {
            return "the value of field \(name) begins or ends with white space"
        }
        for reserved in Self.reserved where isNamed(reserved) { return "field \(name) is the transport's to say" }
        return nil
    }

    /// Fields that decide where a message ends or how the connection goes on.
    private static let reserved: [StaticString] = [
        "host", "content-length", "connection", "transfer-encoding", "expect", "te", "trailer", "upgrade", "keep-alive",
    ]

    private static func isTokenByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "!"), UInt8(ascii: "#"), UInt8(ascii: "$"),
            UInt8(ascii: "%"), UInt8(ascii: "&"), UInt8(ascii: "'"), UInt8(ascii: "*"), UInt8(ascii: "+"),
            UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "^"), UInt8(ascii: "_"), UInt8(ascii: "`"),
            UInt8(ascii: "|"), UInt8(ascii: "~"):
            true
        default: false
        }
    }
}
