/// Finds keys that no reading has come of for too long: pure, and a value. Each silence is found once, and again only after
/// a reading.
struct SilenceDetector {
    /// Where and when the newest reading of a key arrived.
    struct Seen: Equatable {
        /// In milliseconds since the epoch, by the stream's clock.
        let arrivalMs: Int64
        let shard: String
    }

    /// A silence.
    struct Finding: Equatable {
        /// The rule, by its place in ``AlertRules/silence``.
        let rule: Int
        /// What is silent.
        let key: String
        /// The reading before the silence.
        let last: Seen
    }

    private let rules: AlertRules
    /// The silences that were found, by rule and key.
    private(set) var told: [String: [String: SilenceState.Told]]
    /// Silences that were not told because one of the same rule and key had been, a little before.
    private(set) var suppressed = 0

    init(_ rules: AlertRules, told: [String: [String: SilenceState.Told]] = [:]) {
        self.rules = rules
        self.told = told
    }

    /// - Parameters:
    ///   - seen: all keys that are known; what was found of others is forgotten.
    ///   - nowMs: in milliseconds since the epoch.
    /// - Returns: the silences to tell, in the order of rules and keys.
    mutating func find(among seen: [String: Seen], nowMs: Int64) -> [Finding] {
        var findings: [Finding] = []
        var next: [String: [String: SilenceState.Told]] = [:]
        for (place, rule) in rules.silence.enumerated() {
            var known = (told[rule.rule.name] ?? [:]).filter { seen[$0.key] != nil }
            for (key, last) in seen.sorted(by: { $0.key < $1.key }) where rule.keys?.contains(key) ?? true {
                guard nowMs - last.arrivalMs > rule.afterMs, known[key]?.knownMs != last.arrivalMs else { continue }
                if let alertedMs = known[key]?.alertedMs, abs(last.arrivalMs - alertedMs) < rules.cooldownMs {
                    known[key]?.knownMs = last.arrivalMs
                    suppressed += 1
                } else {
                    known[key] = SilenceState.Told(alertedMs: last.arrivalMs, knownMs: last.arrivalMs)
                    findings.append(Finding(rule: place, key: key, last: last))
                }
            }
            if !known.isEmpty { next[rule.rule.name] = known }
        }
        told = next
        return findings
    }
}
