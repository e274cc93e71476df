/// How a column's times are written in records, by the name that lake.json uses.
public enum TimeFormat: String, CaseIterable, Hashable, Sendable {
    /// ISO 8601: `yyyy-MM-ddTHH:mm[:ss[.fraction]][zone]` with `T` or a space, one to nine digits of fraction
    /// (digits past the sixth are dropped), and `Z`, `±hh:mm`, `±hhmm` or `±hh`. Without a zone the time is UTC.
    case iso8601
    /// A time to the second in UTC, with one to six digits of fraction where there is a point.
    case second = "yyyy-MM-dd HH:mm:ss[.ffffff]"
    /// A whole hour in UTC.
    case hour = "yyyy-MM-dd HH"
    /// A day: its first instant in UTC.
    case day = "yyyy-MM-dd"
    /// Seconds since 1970-01-01T00:00:00Z, as a number or a string that holds one; digits past the microsecond are
    /// dropped.
    case epochSeconds = "epoch_s"
    /// Milliseconds since 1970-01-01T00:00:00Z, as ``epochSeconds``.
    case epochMilliseconds = "epoch_ms"
    /// Microseconds since 1970-01-01T00:00:00Z, as ``epochSeconds``.
    case epochMicroseconds = "epoch_us"

    /// The format of this name, if there is one.
    public init?(name: String) { self.init(rawValue: name) }

    /// The name in lake.json.
    public var name: String { rawValue }

    /// Every name, for errors and schemas.
    public static var allNames: [String] { allCases.map(\.rawValue) }

    /// The power of ten that turns the unit of an epoch into microseconds; nil for formats that are text.
    var epochScale: Int? {
        switch self {
        case .epochSeconds: 6
        case .epochMilliseconds: 3
        case .epochMicroseconds: 0
        case .iso8601, .second, .hour, .day: nil
        }
    }
}
