internal import Iceberg
internal import JSON

/// Values of tables as people and scripts read them.
enum DatumText {
    /// A value as text; long texts are cut.
    static func text(_ value: Datum?) -> String {
        switch value {
        case nil: "–"
        case .boolean(let truth): truth ? "true" : "false"
        case .int(let number): String(number)
        case .long(let number): String(number)
        case .float(let number): number.description
        case .double(let number): number.description
        case .date(let days): TimeText.day(Int64(days))
        case .time(let microseconds): String(TimeText.microsecond(microseconds).dropFirst(11))
        case .timestamp(let microseconds): TimeText.microsecond(microseconds)
        case .timestamptz(let microseconds): TimeText.microsecond(microseconds) + "Z"
        case .string(let text): cut(text.map { $0.isNewline || $0 == "\0" ? "␤" : String($0) }.joined())
        case .uuid(let bytes), .fixed(let bytes), .binary(let bytes): cut("0x" + hexadecimal(bytes))
        case .decimal(let unscaled, _, let scale): "0x\(hexadecimal(unscaled))e-\(scale)"
        }
    }

    /// A partition value in the unit of its transform: `2026-01-05 13:00` for an hour.
    static func partitionValue(_ value: Datum?, _ transform: Transform) -> String {
        guard let value else { return "null" }
        switch (transform, value) {
        case (.hour, .int(let hours)): return TimeText.hour(Int64(hours))
        case (.day, .int(let days)): return TimeText.day(Int64(days))
        case (.month, .int(let months)): return TimeText.month(Int64(months))
        case (.year, .int(let years)): return String(1970 + years)
        default: return text(value)
        }
    }

    /// A value for scripts: numbers and booleans as such, everything else as text.
    static func json(_ value: Datum?) -> JSONValue {
        switch value {
        case nil: .null
        case .boolean(let truth): .bool(truth)
        case .int(let number): .integer(number)
        case .long(let number): .integer(number)
        case .float(let number): number.isFinite ? .number(number.description) : .string(number.description)
        case .double(let number): number.isFinite ? .number(number.description) : .string(number.description)
        case .string(let text): .string(text)
        case .uuid(let bytes), .fixed(let bytes), .binary(let bytes): .string(hexadecimal(bytes))
        default: .string(text(value))
        }
    }

    private static func cut(_ text: String) -> String { text.count <= 32 ? text : text.prefix(31) + "…" }

    private static func hexadecimal(_ bytes: [UInt8]) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}
