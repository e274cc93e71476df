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
        /// Of a z-score, mean and variance.
        case moments(ExponentialMoments)
    }

    /// What it compares the next value with.
    var memory = Memory.none
    /// The time of the reading that it last told of, in microseconds since the epoch; nil once its cool-down is over.
    var alertedUs: Int64?

    /// Whether it knows nothing.
    var isEmpty: Bool { memory == .none && alertedUs == nil }

    /// Forgets the last alert if a reading is of the end of its cool-down, or of later.
    mutating func endCooldown(at timeUs: Int64, cooldownUs: Int64) {
        guard let alertedUs, timeUs - alertedUs >= cooldownUs else { return }
        self.alertedUs = nil
    }

    /// Notes an anomaly.
    /// - Returns: whether to tell of it. One that is less than the cool-down away from the last one told, before it or after
    ///   it by the time of the readings, is suppressed.
    mutating func tells(at timeUs: Int64, cooldownUs: Int64) -> Bool {
        if let alertedUs, abs(timeUs - alertedUs) < cooldownUs { return false }
        alertedUs = timeUs
        return true
    }
}
