extension AlertRule {
    /// The kind, as a definition spells it.
    var kindName: String {
        switch kind {
        case .limit: "limit"
        case .rate: "rate"
        case .zScore: "z-score"
        case .silence: "silence"
        }
    }

    /// The column that it looks at; nil for silence.
    var column: String? {
        switch kind {
        case .limit(let column, _, _), .rate(let column, _, _), .zScore(let column, _, _, _, _): column
        case .silence: nil
        }
    }

    /// What the state knows it by: a rule of another kind or column has nothing to go on from.
    var identity: String { "\(kindName) \(name) \(column ?? "")" }
}

/// Numbers and times as people write them.
enum AlertWords {
    /// A number with at most three decimals, and none where it is whole.
    static func number(_ value: Double) -> String {
        guard value.magnitude < 1e12 else { return "\(value)" }
        let rounded = (value * 1000).rounded() / 1000
        guard rounded != 0 || value == 0 else { return "\(value)" }
        return Int64(exactly: rounded).map { String($0) } ?? "\(rounded)"
    }

    /// A length of time in the largest unit that leaves it whole, such as `10m`; below a second with decimals.
    static func duration(ms: Int64) -> String {
        for (unit, length) in [("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000)] as [(String, Int64)]
        where ms >= length && ms % length == 0 {
            return "\(ms / length)\(unit)"
        }
        return number(Double(ms) / 1000) + "s"
    }

    /// A time in UTC.
    static func time(us: Int64) -> String { TimeFormat.iso8601.text(us) + "Z" }
}
