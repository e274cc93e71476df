internal import Iceberg

/// Names of folders as Hive and Athena give them to partitions: `timestamp_sent=2026-11-20 10`.
enum HiveFolder {
    /// What stands for null, and for an empty text, which Hive does not tell from it.
    static let null = "__HIVE_DEFAULT_PARTITION__"

    /// The folder of one column's value.
    /// - Parameter value: the text; nil for null.
    static func name(_ column: String, _ value: String?) -> String {
        escaped(column) + "=" + escaped(Self.value(value))
    }

    /// The value as catalogues know it, without escapes.
    static func value(_ text: String?) -> String { text.flatMap { $0.isEmpty ? nil : $0 } ?? null }

    /// Escapes what Hive escapes, each byte as `%XX`: control characters and those that have a meaning in paths or
    /// patterns. A space is not among them.
    static func escaped(_ text: String) -> String {
        guard text.utf8.contains(where: isEscaped) else { return text }
        let digits = Array("0123456789ABCDEF".utf8)
        var bytes: [UInt8] = []
        for unit in text.utf8 {
            if isEscaped(unit) {
                bytes += [UInt8(ascii: "%"), digits[Int(unit >> 4)], digits[Int(unit & 15)]]
            } else {
                bytes.append(unit)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func isEscaped(_ unit: UInt8) -> Bool {
        switch unit {
        case 0..<0x20, 0x7F: true
        case UInt8(ascii: "\""), UInt8(ascii: "#"), UInt8(ascii: "%"), UInt8(ascii: "'"), UInt8(ascii: "*"),
            UInt8(ascii: "/"), UInt8(ascii: ":"), UInt8(ascii: "="), UInt8(ascii: "?"), UInt8(ascii: "\\"),
            UInt8(ascii: "{"), UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "^"):
            true
        default: false
        }
    }
}
