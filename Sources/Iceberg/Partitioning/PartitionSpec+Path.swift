internal import Calendar

extension PartitionSpec {
    /// The folder of a partition's data files as Iceberg's writers name it, such as
    /// `timestamp_sent_hour=2026-11-20-10/region=eu`; empty for an unpartitioned table. Names and values are
    /// percent-encoded like form fields.
    public func path(of tuple: [Datum?]) -> String {
        zip(fields, tuple).map { field, value in
            Self.encoded(field.name) + "=" + Self.encoded(field.transform.humanString(value))
        }.joined(separator: "/")
    }

    private static func encoded(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var result: [UInt8] = []
        for unit in text.utf8 {
            switch unit {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
                result.append(unit)
            case UInt8(ascii: " "): result.append(UInt8(ascii: "+"))
            default: result += [UInt8(ascii: "%"), digits[Int(unit >> 4)], digits[Int(unit & 15)]]
            }
        }
        return String(decoding: result, as: UTF8.self)
    }
}

extension Transform {
    /// A partition value as people read it: `2026-11-20-10` for an hour, `null` for null.
    public func humanString(_ value: Datum?) -> String {
        guard let value else { return "null" }
        switch (self, value) {
        case (.year, .int(let year)): return CivilDate.padded(Int64(year) + 1970, 4)
        case (.month, .int(let month)):
            let year = floorDivide(Int64(month), 12)
            return CivilDate.padded(year + 1970, 4) + "-" + CivilDate.padded(Int64(month) - year * 12 + 1, 2)
        case (.day, .int(let day)): return Self.dayString(Int64(day))
        case (.hour, .int(let hour)):
            let day = floorDivide(Int64(hour), 24)
            return Self.dayString(day) + "-" + CivilDate.padded(Int64(hour) - day * 24, 2)
        default: return Self.text(value)
        }
    }

    private static func text(_ value: Datum) -> String {
        switch value {
        case .boolean(let value): value ? "true" : "false"
        case .int(let value): "\(value)"
        case .long(let value): "\(value)"
        case .float(let value): "\(value)"
        case .double(let value): "\(value)"
        case .date(let day): dayString(Int64(day))
        case .time(let microseconds): timeString(microseconds)
        case .timestamp(let microseconds): timestampString(microseconds)
        case .timestamptz(let microseconds): timestampString(microseconds) + "+00:00"
        case .string(let text): text
        case .uuid(let bytes): uuidString(bytes)
        case .fixed(let bytes), .binary(let bytes): base64(bytes)
        case .decimal(let unscaled, _, let scale): decimalString(unscaled, scale)
        }
    }

    private static func dayString(_ day: Int64) -> String { CivilDate(daysSinceEpoch: day).text }

    private static func timeString(_ microseconds: Int64) -> String {
        let seconds = microseconds / 1_000_000
        let fraction = microseconds % 1_000_000
        return CivilDate.padded(seconds / 3600, 2) + ":" + CivilDate.padded(seconds / 60 % 60, 2) + ":"
            + CivilDate.padded(seconds % 60, 2)
            + (fraction == 0 ? "" : "." + CivilDate.padded(fraction, 6))
    }

    private static func timestampString(_ microseconds: Int64) -> String {
        let day = floorDivide(microseconds, microsecondsPerDay)
        return dayString(day) + "T" + timeString(microseconds &- day &* microsecondsPerDay)
    }

    private static func uuidString(_ bytes: [UInt8]) -> String {
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        for (index, byte) in bytes.enumerated() {
            if [4, 6, 8, 10].contains(index) { text.append(UInt8(ascii: "-")) }
            text += [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
        }
        return String(decoding: text, as: UTF8.self)
    }

    private static func decimalString(_ unscaled: [UInt8], _ scale: Int) -> String {
        guard let value = Decimals.value(of: unscaled) else { return "" }
        var digits = String(value.magnitude)
        if scale > 0 {
            digits = String(repeating: "0", count: max(0, scale + 1 - digits.utf8.count)) + digits
            digits.insert(".", at: digits.index(digits.endIndex, offsetBy: -scale))
        }
        return (value < 0 ? "-" : "") + digits
    }

    private static func base64(_ bytes: [UInt8]) -> String {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        var text: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            var bits: UInt32 = 0
            for byte in group { bits = bits << 8 | UInt32(byte) }
            bits <<= UInt32((3 - group.count) * 8)
            for index in 0..<4 {
                let shift = UInt32(18 - index * 6)
                text.append(index <= group.count ? alphabet[Int(bits >> shift & 63)] : UInt8(ascii: "="))
            }
        }
        return String(decoding: text, as: UTF8.self)
    }
}
