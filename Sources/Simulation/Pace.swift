internal import Calendar

/// When records of a simulated stream are made: so many in each period, evenly, from a start on. Record `n` has its time
/// whatever came before it, and no rounding adds up.
public struct Pace: Equatable, Sendable {
    /// When record 0 is made, in milliseconds since the epoch.
    public let startMs: Int64
    /// How many records each period has.
    public let records: Int64
    /// How long a period takes, in microseconds.
    public let periodUs: Int64

    /// 2026-01-05T00:00:00Z, when the generated streams of the demo begin, in milliseconds since the epoch.
    public static let openingMs: Int64 = 1_767_571_200_000
    /// Records of a period, at most.
    public static let maximumRecords: Int64 = 1_000_000

    /// A pace.
    /// - Parameters:
    ///   - startMs: when record 0 is made, in milliseconds since the epoch. Where it is 0, a record's number follows from
    ///     its time and the rate alone, so that whoever makes the records of a minute makes the same ones.
    ///   - records: how many records each period has, from 1 to ``maximumRecords``.
    ///   - periodUs: how long a period takes: from a microsecond to a day.
    public init(startMs: Int64 = openingMs, records: Int64, periodUs: Int64) {
        precondition((1...Self.maximumRecords).contains(records), "a period has 1 to a million records")
        precondition((1...microsecondsPerDay).contains(periodUs), "a period takes a microsecond to a day")
        self.startMs = startMs
        self.records = records
        self.periodUs = periodUs
    }

    /// So many records each second, from 1 to ``maximumRecords``.
    public init(startMs: Int64, perSecond rate: Int) {
        self.init(startMs: startMs, records: Int64(rate), periodUs: 1_000_000)
    }

    /// When record `n` is made, in microseconds since the epoch.
    public func timeUs(_ index: Int) -> Int64 {
        let whole = floorDivide(Int64(index), records)
        let rest = Int64(index) - whole * records
        return startMs * 1000 + whole * periodUs + rest * periodUs / records
    }

    /// When record `n` is made, in milliseconds since the epoch.
    public func timeMs(_ index: Int) -> Int64 { floorDivide(timeUs(index), 1000) }

    /// The first record that is made at this time or later.
    public func index(atMs timeMs: Int64) -> Int {
        let sinceUs = (timeMs - startMs) * 1000
        let whole = floorDivide(sinceUs, periodUs)
        let rest = sinceUs - whole * periodUs
        return Int(whole * records + (rest * records + periodUs - 1) / periodUs)
    }

    /// The records that are made from a time on and before another, both in milliseconds since the epoch.
    public func indices(fromMs: Int64, beforeMs: Int64) -> Range<Int> {
        let first = index(atMs: fromMs)
        return first..<max(first, index(atMs: beforeMs))
    }

    /// From one record to the next, in microseconds, rounded down.
    public var intervalUs: Int64 { periodUs / records }
}
