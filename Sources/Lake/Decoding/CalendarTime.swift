/// The times that columns hold: from year 1 to year 9999, UTC.
enum CalendarTime {
    static let microsecondsPerSecond: Int64 = 1_000_000

    /// From 0001-01-01T00:00:00 to the last microsecond of 9999.
    static let range: ClosedRange<Int64> = -62_135_596_800_000_000...253_402_300_799_999_999
}
