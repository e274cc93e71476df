extension AlertsDefinition {
    init?(parsing value: DefinitionValue) {
        guard
            let object = value.object(required: ["table", "key", "time", "rules"], optional: ["cooldown"])
        else { return nil }
        let cooldown =
            object["cooldown"]?.duration(atMost: (7 * 86_400_000, "7d")) ?? Self.defaultCooldownMs
        var rules: [AlertRule] = []
        let elements = object["rules"]?.array() ?? []
        if object["rules"]?.value.elements?.isEmpty == true { object["rules"]?.complain("alerts need a rule") }
        for element in elements {
            guard let rule = AlertRule(parsing: element) else { continue }
            if rules.contains(where: { $0.name == rule.name }) {
                element.complain("there is another rule named \"\(rule.name)\"")
            }
            rules.append(rule)
        }
        guard let table = object["table"]?.tableIdentifier(),
            let key = object["key"]?.name(of: "a column", maximumLength: 255),
            let time = object["time"]?.name(of: "a column", maximumLength: 255)
        else { return nil }
        self.init(table: table, key: key, time: time, cooldownMs: cooldown, rules: rules)
    }
}
