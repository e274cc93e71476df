/// The rules of a stream, ready for use.
struct AlertRules: Sendable {
    /// A rule that looks at readings.
    struct Reading: Sendable {
        let rule: AlertRule
        /// The column that it looks at.
        let column: String
        /// The keys that it looks at; nil for all.
        let keys: Set<String>?
    }

    /// A rule that looks for their absence.
    struct Silence: Sendable {
        let rule: AlertRule
        /// How long no reading must come, in milliseconds.
        let afterMs: Int64
        /// The keys that it looks at; nil for all.
        let keys: Set<String>?
    }

    /// The rules about readings. Those with a memory come first, so that a key's state ends where the others know nothing.
    let reading: [Reading]
    /// The rules about silence.
    let silence: [Silence]
    /// How long a rule is silent about a key after an alert, in milliseconds.
    let cooldownMs: Int64
    /// How long a key without readings is remembered, in milliseconds: a day longer than any rule needs it.
    let keptMs: Int64

    /// The most keys that are remembered of a shard: beyond, those are forgotten whose last reading is the oldest.
    static let mostKeys = 10_000
    /// A longer key, in bytes, is no key of a rule.
    static let longestKey = 256
    private static let dayMs: Int64 = 86_400_000

    init(_ definition: AlertsDefinition) {
        var reading: [Reading] = []
        var silence: [Silence] = []
        var longestMs = definition.cooldownMs
        for rule in definition.rules {
            let keys = rule.keys.map { Set($0) }
            switch rule.kind {
            case .silence(let afterMs):
                silence.append(Silence(rule: rule, afterMs: afterMs, keys: keys))
                longestMs = max(longestMs, afterMs)
            case .rate(let column, _, let perMs):
                reading.append(Reading(rule: rule, column: column, keys: keys))
                longestMs = max(longestMs, perMs)
            case .zScore(let column, _, _, _, _), .limit(let column, _, _):
                reading.append(Reading(rule: rule, column: column, keys: keys))
            }
        }
        self.reading = reading.filter(\.hasMemory) + reading.filter { !$0.hasMemory }
        self.silence = silence
        cooldownMs = definition.cooldownMs
        keptMs = longestMs + Self.dayMs
    }

    /// ``cooldownMs`` in microseconds.
    var cooldownUs: Int64 { cooldownMs * 1000 }
}

extension AlertRules.Reading {
    /// Whether it compares a reading with those before it.
    fileprivate var hasMemory: Bool {
        if case .limit = rule.kind { return false }
        return true
    }
}
