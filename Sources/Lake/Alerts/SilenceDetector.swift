/// Finds keys that no reading has come of for too long: pure, and a value. Each silence is found once. One that begins within
/// the cool-down of another is found when that is over, if it still lasts.
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
    /// Silences that were not told yet because one of the same rule and key had been, a little before; each counts once.
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
                let before = known[key]
                guard nowMs - last.arrivalMs > rule.afterMs, before?.alertedMs != last.arrivalMs else { continue }
                // The cool-down begins when the silence before could first be told.
                if let before, nowMs - before.alertedMs < rule.afterMs + rules.cooldownMs {
                    guard before.knownMs != last.arrivalMs else { continue }
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
