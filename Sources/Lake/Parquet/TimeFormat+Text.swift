internal import Calendar
internal import Iceberg

extension TimeFormat {
    /// A time as records write it in this format; what the format is too coarse for is left out.
    /// - Parameter microseconds: since 1970-01-01T00:00:00.
    func text(_ microseconds: Int64) -> String {
        let day = CivilDate(daysSinceEpoch: floorDivide(microseconds, microsecondsPerDay)).text
        let ofDay = microseconds - floorDivide(microseconds, microsecondsPerDay) * microsecondsPerDay
        func digits(_ unit: Int64, _ modulus: Int64) -> String { CivilDate.padded(ofDay / unit % modulus, 2) }
        let clock = "\(digits(3_600_000_000, 24)):\(digits(60_000_000, 60)):\(digits(1_000_000, 60))"
        let fraction = Self.fraction(ofDay % 1_000_000)
        switch self {
        case .iso8601: return "\(day)T\(clock)\(fraction)"
        case .second: return "\(day) \(clock)\(fraction)"
        case .hour: return "\(day) \(digits(3_600_000_000, 24))"
        case .day: return day
        case .epochSeconds: return String(floorDivide(microseconds, 1_000_000))
        case .epochMilliseconds: return String(floorDivide(microseconds, 1000))
        case .epochMicroseconds: return String(microseconds)
        }
    }

    private static func fraction(_ microseconds: Int64) -> String {
        microseconds == 0 ? "" : "." + CivilDate.padded(microseconds, 6)
    }
}

extension ColumnDefinition {
    /// A value of this column as the text that a folder is named by; nil for null.
    func folderText(_ value: Datum?) -> String? {
        switch value {
        case nil: nil
        case .boolean(let value)?: value ? "true" : "false"
        case .int(let value)?: String(value)
        case .long(let value)?: String(value)
        case .float(let value)?: String(value)
        case .double(let value)?: String(value)
        case .date(let days)?: CivilDate(daysSinceEpoch: Int64(days)).text
        case .timestamp(let value)?, .timestamptz(let value)?: (timeFormat ?? .iso8601).text(value)
        case .string(let text)?: text
        case let value?: Transform.identity.humanString(value)
        }
    }
}
