@testable import Lake

/// Rules and readings for tests.
enum AlertSupport {
    static let startUs: Int64 = 1_795_000_000_000_000

    /// Rules of a stream, with a cool-down of a minute unless said otherwise.
    static func rules(_ rules: AlertRule..., cooldownMs: Int64 = 60_000) -> AlertRules {
        AlertRules(
            AlertsDefinition(
                table: .init(namespace: "db", name: "alerts"), key: "id", time: "at", cooldownMs: cooldownMs,
                rules: rules))
    }

    static func limit(_ name: String = "limit", above: Double? = nil, below: Double? = nil, keys: [String]? = nil)
        -> AlertRule
    { AlertRule(name: name, kind: .limit(column: "c", above: above, below: below), keys: keys) }

    static func rate(_ name: String = "rate", change: Double, perMs: Int64 = 60_000) -> AlertRule {
        AlertRule(name: name, kind: .rate(column: "c", change: change, perMs: perMs), keys: nil)
    }

    static func zScore(_ name: String = "z", above: Double = 3, weight: Double = 0.1, warmUp: Int64 = 5) -> AlertRule {
        AlertRule(name: name, kind: .zScore(column: "c", above: above, weight: weight, warmUp: warmUp), keys: nil)
    }

    static func silence(_ name: String = "silent", afterMs: Int64 = 600_000, keys: [String]? = nil) -> AlertRule {
        AlertRule(name: name, kind: .silence(afterMs: afterMs), keys: keys)
    }

    /// A reading at a second from the start, which every rule sees as this value, and which arrives at once.
    static func reading(
        _ value: Double?, at second: Double, key: String = "1", rules: Int = 1
    ) -> AnomalyDetector.Reading {
        let timeUs = startUs + Int64(second * 1_000_000)
        return AnomalyDetector.Reading(
            key: key, timeUs: timeUs, arrivalMs: timeUs / 1000, values: Array(repeating: value, count: rules))
    }
}
