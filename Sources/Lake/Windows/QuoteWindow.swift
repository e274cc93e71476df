internal import Calendar

/// A span of time over which quotes are gathered: from its start up to, and without, its end. In microseconds since
/// 1970-01-01T00:00:00Z.
struct QuoteWindow: Hashable, Sendable {
    let startUs: Int64
    let endUs: Int64

    /// A window; nil if it ends before it begins, or does not lie within the years 1 to 9999.
    init?(startUs: Int64, endUs: Int64) {
        guard startUs < endUs, CalendarTime.range.contains(startUs), CalendarTime.range.contains(endUs) else {
            return nil
        }
        self.startUs = startUs
        self.endUs = endUs
    }

    /// The window of this length that holds a time: it starts at a multiple of the length since the epoch, also before
    /// it. Nil if it does not lie within the years 1 to 9999.
    init?(holding timeUs: Int64, lengthUs: Int64) {
        let (startUs, startOverflows) = floorDivide(timeUs, lengthUs).multipliedReportingOverflow(by: lengthUs)
        let (endUs, endOverflows) = startUs.addingReportingOverflow(lengthUs)
        guard !startOverflows, !endOverflows else { return nil }
        self.init(startUs: startUs, endUs: endUs)
    }

    /// The day in which it starts, in days since 1970-01-01.
    var startDay: Int32 { Int32(truncatingIfNeeded: floorDivide(startUs, microsecondsPerDay)) }
}

extension QuoteWindow: Comparable {
    static func < (left: QuoteWindow, right: QuoteWindow) -> Bool {
        (left.startUs, left.endUs) < (right.startUs, right.endUs)
    }
}
