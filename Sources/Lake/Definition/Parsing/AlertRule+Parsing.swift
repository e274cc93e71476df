extension AlertRule {
    /// The kinds of rule, as a definition spells them.
    private enum KindName: String, CaseIterable {
        case limit, rate, silence
        case zScore = "z-score"
    }

    init?(parsing value: DefinitionValue) {
        guard
            let object = value.object(
                required: ["name", "kind"],
                optional: [
                    "column", "above", "below", "change", "per", "weight", "warmUp", "deviation", "after", "keys",
                ])
        else { return nil }
        let keys = object["keys"].map { $0.array()?.compactMap { $0.string() } ?? [] }
        if object["keys"]?.value.elements?.isEmpty == true {
            object["keys"]?.complain("a rule without keys says nothing; leave the member out for all keys")
        }
        guard let name = object["name"]?.streamName(),
            let kind = object["kind"]?.choice("a kind of rule", of: KindName.self),
            let parsed = Self.kind(kind, value, object)
        else { return nil }
        self.init(name: name, kind: parsed, keys: keys)
    }

    private static func kind(_ kind: KindName, _ value: DefinitionValue, _ object: DefinitionObject) -> Kind? {
        let members: [String]
        switch kind {
        case .limit: members = ["column", "above", "below"]
        case .rate: members = ["column", "change", "per"]
        case .zScore: members = ["column", "above", "weight", "warmUp", "deviation"]
        case .silence: members = ["after"]
        }
        for (name, member) in object.members where !(members + ["name", "kind", "keys"]).contains(name) {
            member.complain(
                "means nothing to a rule of kind \"\(kind.rawValue)\"; it has \(members.joined(separator: ", "))")
        }
        func needed(_ name: String) -> DefinitionValue? {
            if object[name] == nil { value.complain("lacks the member \"\(name)\"") }
            return object[name]
        }
        let day: (ms: Int64, text: String) = (86_400_000, "1d")
        switch kind {
        case .silence: return needed("after")?.duration(atMost: (7 * day.ms, "7d")).map { .silence(afterMs: $0) }
        case .limit:
            let (above, below) = (object["above"]?.number(), object["below"]?.number())
            if object["above"] == nil, object["below"] == nil {
                value.complain("needs \"above\" or \"below\", or both")
            }
            if let above, let below, below > above {
                value.complain("\"below\" is more than \"above\", so that every value is an anomaly")
            }
            guard let column = needed("column")?.name(of: "a column", maximumLength: 255) else { return nil }
            return .limit(column: column, above: above, below: below)
        case .rate:
            let (change, per) = (needed("change")?.positive(), needed("per")?.duration(atMost: day))
            guard let column = needed("column")?.name(of: "a column", maximumLength: 255), let change, let per else {
                return nil
            }
            return .rate(column: column, change: change, perMs: per)
        case .zScore:
            let above = needed("above")?.positive()
            let weight = object["weight"].map { $0.positive() } ?? 0.05
            if let weight, weight >= 1 { object["weight"]?.complain("must be below 1") }
            let warmUp = object["warmUp"].map { $0.count() } ?? 30
            let deviation = object["deviation"]?.positive()
            guard let column = needed("column")?.name(of: "a column", maximumLength: 255), let above, let weight,
                let warmUp
            else { return nil }
            return .zScore(column: column, above: above, weight: weight, warmUp: warmUp, deviation: deviation)
        }
    }
}

extension DefinitionValue {
    /// A number that is not infinite.
    fileprivate func number() -> Double? {
        guard let number = value.double, number.isFinite else {
            complain("expected a number, not \(value.kindName)")
            return nil
        }
        return number
    }

    /// A number above 0.
    fileprivate func positive() -> Double? {
        guard let number = number() else { return nil }
        guard number > 0 else {
            complain("must be above 0")
            return nil
        }
        return number
    }
}
