/// Looks through the readings of one shard: pure, and a value. The same readings in the same order give the same anomalies,
/// however they are cut into batches.
struct AnomalyDetector {
    /// A reading, as rules see it.
    struct Reading {
        /// What it is of.
        var key: String
        /// When it was taken, in microseconds since the epoch.
        var timeUs: Int64
        /// When the stream took it, in milliseconds since the epoch.
        var arrivalMs: Int64
        /// The value of each rule's column, in the order of ``AlertRules/reading``; nil where there is none.
        var values: [Double?]
    }

    /// An anomaly in a reading.
    struct Finding: Equatable {
        /// The rule, by its place in ``AlertRules/reading``.
        let rule: Int
        /// The unusual value.
        let value: Double
        /// What the value, its change or its score may be at most, or at least.
        let bound: Double
        /// In what way it is unusual.
        let detail: Detail
    }

    /// In what way a value is unusual.
    enum Detail: Equatable {
        case above, below
        case change(RateOfChange.Change)
        case score(Double, mean: Double)
    }

    private let rules: AlertRules
    /// What is known of each key.
    private(set) var keys: [String: KeyState]
    /// Anomalies that were not told because an alert of the same rule and key had been, a little before.
    private(set) var suppressed = 0

    init(_ rules: AlertRules, keys: [String: KeyState] = [:]) {
        self.rules = rules
        self.keys = keys
    }

    /// Takes the shard's next reading.
    /// - Parameter inherited: what is known of the key elsewhere, if this shard knows nothing of it.
    /// - Returns: the anomalies to tell.
    mutating func take(_ reading: Reading, inherited: (String) -> KeyState? = { _ in nil }) -> [Finding] {
        var state =
            keys[reading.key] ?? inherited(reading.key)
            ?? KeyState(arrivalMs: reading.arrivalMs, ruleCount: rules.reading.count)
        // What has been away for so long may have been forgotten or not, which must make no difference.
        if reading.arrivalMs - state.arrivalMs > rules.keptMs {
            state = KeyState(arrivalMs: reading.arrivalMs, ruleCount: rules.reading.count)
        }
        state.arrivalMs = max(state.arrivalMs, reading.arrivalMs)
        var findings: [Finding] = []
        for (place, rule) in rules.reading.enumerated() where rule.keys?.contains(reading.key) ?? true {
            state.rules[place].forgetAlert(at: reading.timeUs, cooldownUs: rules.cooldownUs)
            guard let value = reading.values[place], value.isFinite,
                let finding = Self.check(value, reading.timeUs, rule.rule, place, &state.rules[place].memory)
            else { continue }
            if state.rules[place].tells(at: reading.timeUs, cooldownUs: rules.cooldownUs) {
                findings.append(finding)
            } else {
                suppressed += 1
            }
        }
        keys[reading.key] = state
        return findings
    }

    private static func check(
        _ value: Double, _ timeUs: Int64, _ rule: AlertRule, _ place: Int, _ memory: inout RuleState.Memory
    ) -> Finding? {
        switch rule.kind {
        case .limit(_, let above, let below):
            if let above, value > above { return Finding(rule: place, value: value, bound: above, detail: .above) }
            if let below, value < below { return Finding(rule: place, value: value, bound: below, detail: .below) }
            return nil
        case .rate(_, let most, let perMs):
            guard case .rate(var last) = memory else {
                memory = .rate(RateOfChange(timeUs: timeUs, value: value))
                return nil
            }
            let change = last.take(value, at: timeUs, perUs: perMs * 1000)
            memory = .rate(last)
            guard let change, change.scaled.magnitude > most else { return nil }
            return Finding(rule: place, value: value, bound: most, detail: .change(change))
        case .zScore(_, let bound, let weight, let warmUp, let deviation):
            guard case .moments(var moments, let lastUs) = memory else {
                memory = .moments(ExponentialMoments(value), timeUs: timeUs)
                return nil
            }
            guard !RateOfChange.isLate(timeUs, after: lastUs) else { return nil }
            let mean = moments.mean
            let score = moments.take(value, weight: weight, bound: bound, warmUp: warmUp, smallest: deviation)
            memory = .moments(moments, timeUs: timeUs)
            guard let score, score.magnitude > bound else { return nil }
            return Finding(rule: place, value: value, bound: bound, detail: .score(score, mean: mean))
        case .silence: return nil
        }
    }

    /// Forgets the keys that no rule has a use for, and the oldest of too many.
    /// - Parameter nowMs: by the clock of the stream, in milliseconds since the epoch.
    mutating func forget(at nowMs: Int64) {
        let oldestMs = nowMs - rules.keptMs
        if keys.values.contains(where: { $0.arrivalMs < oldestMs }) {
            keys = keys.filter { $0.value.arrivalMs >= oldestMs }
        }
        guard keys.count > AlertRules.mostKeys else { return }
        let newest = keys.sorted { ($0.value.arrivalMs, $0.key) > ($1.value.arrivalMs, $1.key) }
        keys = Dictionary(uniqueKeysWithValues: newest.prefix(AlertRules.mostKeys).map { ($0.key, $0.value) })
    }
}

extension AnomalyDetector.Finding {
    /// The anomaly in words.
    func message(_ rule: AlertRule, key: String) -> String {
        let number = AlertWords.number
        let subject = "\(rule.column ?? "") of \(key)"
        switch detail {
        case .above: return "\(subject) is \(number(value)), above \(number(bound))"
        case .below: return "\(subject) is \(number(value)), below \(number(bound))"
        case .change(let change):
            guard case .rate(_, _, let perMs) = rule.kind else { return subject }
            return "\(subject) went from \(number(change.before)) to \(number(value)) in "
                + AlertWords.duration(ms: change.elapsedUs / 1000)
                + "; usual is at most \(number(bound)) in \(AlertWords.duration(ms: perMs))"
        case .score(let score, let mean):
            return "\(subject) is \(number(value)), \(number(score.magnitude)) standard deviations "
                + "\(score < 0 ? "below" : "above") its mean of \(number(mean)); usual is at most \(number(bound))"
        }
    }
}
