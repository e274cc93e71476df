/// The last reading of a key, which the next one is compared with.
struct RateOfChange: Equatable, Sendable {
    /// When it was taken, in microseconds since the epoch.
    private(set) var timeUs: Int64
    /// Its value.
    private(set) var value: Double

    /// A reading that is this much older than the one before says that the device's clock was put back, and not that it
    /// was late: what follows is compared with it.
    static let clockStepUs: Int64 = 3_600_000_000

    /// Whether a reading is late, or one that was sent again: it says nothing to rules that compare readings in order.
    /// - Parameter lastUs: the time of the reading before, in microseconds since the epoch, as `timeUs`.
    static func isLate(_ timeUs: Int64, after lastUs: Int64) -> Bool {
        timeUs <= lastUs && lastUs - timeUs <= clockStepUs
    }

    /// A change between two readings.
    struct Change: Equatable {
        /// The value before.
        let before: Double
        /// How long it took, in microseconds; above zero.
        let elapsedUs: Int64
        /// The difference, in full if it took no longer than a rule's time, and otherwise the share of it that falls into
        /// that time.
        let scaled: Double
    }

    /// Takes the key's next reading.
    ///
    /// A reading of the same time as the last one, or of an earlier time, is compared with nothing, and the last one stays;
    /// one that is more than ``clockStepUs`` earlier takes its place.
    /// - Parameter perUs: the rule's time, in microseconds.
    /// - Returns: the change since the last reading; nil if there is none to compare with.
    mutating func take(_ next: Double, at timeUs: Int64, perUs: Int64) -> Change? {
        guard !Self.isLate(timeUs, after: self.timeUs) else { return nil }
        let (elapsedUs, before) = (timeUs - self.timeUs, value)
        self = RateOfChange(timeUs: timeUs, value: next)
        guard elapsedUs > 0 else { return nil }
        let share = elapsedUs <= perUs ? 1 : Double(perUs) / Double(elapsedUs)
        // The difference of two huge values may not be finite, and is above any bound then.
        return Change(before: before, elapsedUs: elapsedUs, scaled: (next - before) * share)
    }
}
