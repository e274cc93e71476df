/// What the rules of a stream know of one key, such as a device.
struct KeyState: Equatable, Sendable {
    /// When the key's newest reading arrived, in milliseconds since the epoch, by the stream's clock.
    var arrivalMs: Int64
    /// What each rule knows, in the order of ``AlertRules/reading``.
    var rules: [RuleState]

    /// A key that nothing is known of.
    init(arrivalMs: Int64, ruleCount: Int) {
        self.arrivalMs = arrivalMs
        rules = Array(repeating: RuleState(), count: ruleCount)
    }
}

/// What a rule knows of one key.
struct RuleState: Equatable, Sendable {
    /// What it compares the next value with.
    enum Memory: Equatable, Sendable {
        /// Nothing, or nothing yet.
        case none
        /// Of a rate of change, the last reading.
        case rate(RateOfChange)
        /// Of a z-score, mean and variance, and when the newest reading was taken, in microseconds since the epoch.
        case moments(ExponentialMoments, timeUs: Int64)
    }

    /// What it compares the next value with.
    var memory = Memory.none
    /// The time of the reading that it last told of, in microseconds since the epoch; nil once it suppresses nothing more,
    /// nor a reading that comes again.
    var alertedUs: Int64?

    /// Whether it knows nothing.
    var isEmpty: Bool { memory == .none && alertedUs == nil }

    /// Forgets the last alert if a reading is later than the cool-down and the time that late readings have.
    mutating func forgetAlert(at timeUs: Int64, cooldownUs: Int64) {
        guard let alertedUs, timeUs - alertedUs >= cooldownUs + RateOfChange.clockStepUs else { return }
        self.alertedUs = nil
    }

    /// Notes an anomaly.
    /// - Returns: whether to tell of it. Suppressed is one that is less than the cool-down behind the last one told, by the
    ///   time of the readings; and one that is before it, as a reading that was sent again may be, unless it is so far
    ///   before it that the clock of the device has been put back.
    mutating func tells(at timeUs: Int64, cooldownUs: Int64) -> Bool {
        if let alertedUs {
            let distanceUs = timeUs - alertedUs
            if distanceUs < cooldownUs, distanceUs > -max(cooldownUs, RateOfChange.clockStepUs) { return false }
        }
        alertedUs = timeUs
        return true
    }
}
