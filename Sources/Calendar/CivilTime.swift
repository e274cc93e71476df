/// Instants as text, in UTC, by the proleptic Gregorian calendar.
public enum CivilTime {
    /// `2026-01-05 13:20:00` of milliseconds since the epoch: the second that holds them.
    /// - Parameter separator: what stands between day and time; ISO 8601 writes `T`.
    public static func second(ofMs milliseconds: Int64, separator: Character = " ") -> String {
        let seconds = floorDivide(milliseconds, 1000)
        let days = floorDivide(seconds, 86_400)
        let inDay = seconds - days * 86_400
        let day = CivilDate(daysSinceEpoch: days).text
        return "\(day)\(separator)\(two(inDay / 3600)):\(two(inDay / 60 % 60)):\(two(inDay % 60))"
    }

    /// `2026-01-05 13:20:00.000125` of microseconds since the epoch; the fraction only where there is one.
    /// - Parameter separator: what stands between day and time; ISO 8601 writes `T`.
    public static func microsecond(ofUs microseconds: Int64, separator: Character = " ") -> String {
        let whole = second(ofMs: floorDivide(microseconds, 1000), separator: separator)
        let fraction = microseconds - floorDivide(microseconds, 1_000_000) * 1_000_000
        return fraction == 0 ? whole : "\(whole).\(CivilDate.padded(fraction, 6))"
    }

    private static func two(_ number: Int64) -> String { CivilDate.padded(number, 2) }
}
