internal import Iceberg
internal import JSON

/// What the table of alerts keeps of one shard, in the snapshot that holds its offsets.
struct ShardState: Equatable {
    /// What is known of each key.
    var keys: [String: KeyState] = [:]
    /// Alerts that are in the table and may not have been published yet.
    var pending: [Alert] = []

    /// The version of the text below. A text of another version is not read.
    private static let version: Int64 = 1

    /// The compact JSON that snapshots keep:
    ///
    ///     {"version":1,"rules":["rate jump temperature",…],"keys":{"17":[arrival,…],…},"pending":[[…],…]}
    ///
    /// A key has the arrival of its newest reading in milliseconds, and then what each rule of `rules` knows of it, without
    /// the nulls at the end: null, `[time, value]` of a rate of change, `[count, mean, variance, time]` of a z-score, and the
    /// time of the last alert behind that, or alone. Times of readings are in microseconds.
    func serialized(_ rules: AlertRules) -> String {
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("version", Self.version)
            writer.member("rules") { writer in
                writer.array { writer in for rule in rules.reading { writer.string(rule.rule.identity) } }
            }
            writer.member("keys") { writer in
                writer.object { writer in
                    for (key, state) in keys.sorted(by: { $0.key < $1.key }) {
                        writer.member(key) { writer in
                            writer.array { writer in
                                writer.integer(state.arrivalMs)
                                let last = state.rules.lastIndex { !$0.isEmpty }
                                for rule in state.rules[..<(last.map { $0 + 1 } ?? 0)] { rule.write(to: &writer) }
                            }
                        }
                    }
                }
            }
            Self.write(pending, to: &writer)
        }
        return writer.text
    }

    /// Reads what ``serialized(_:)`` wrote, perhaps with other rules: what a rule knows that is no more is left out.
    /// - Throws: ``IcebergError/Code/malformed`` for anything else: damage must not pass for a shard never seen.
    init(parsing text: String, _ rules: AlertRules, stream: String) throws(IcebergError) {
        let value = try Self.value(of: text, version: Self.version, members: ["version", "rules", "keys", "pending"])
        guard let names = value["rules"]?.elements, let members = value["keys"]?.members else {
            throw Self.damaged("a member is of another kind")
        }
        let places = names.map { name in rules.reading.firstIndex { $0.rule.identity == name.string } }
        guard names.allSatisfy({ $0.string != nil }),
            Set(places.compactMap { $0 }).count == places.count(where: { $0 != nil })
        else { throw Self.damaged("the rules") }
        for (key, entry) in members {
            guard let parts = entry.elements, let arrivalMs = parts.first?.integer,
                ArrivalTime.range.contains(arrivalMs), parts.count <= names.count + 1, keys[key] == nil,
                key.utf8.count <= AlertRules.longestKey
            else { throw Self.damaged("a key") }
            var state = KeyState(arrivalMs: arrivalMs, ruleCount: rules.reading.count)
            for (place, part) in zip(places, parts.dropFirst()) {
                guard let rule = RuleState(parsing: part, of: place.map { rules.reading[$0].rule }) else {
                    throw Self.damaged("what a rule knows")
                }
                if let place { state.rules[place] = rule }
            }
            keys[key] = state
        }
        pending = try Self.pending(value, stream)
    }

    init(keys: [String: KeyState] = [:], pending: [Alert] = []) {
        self.keys = keys
        self.pending = pending
    }
}

// MARK: - What entries of the state have in common

extension ShardState {
    /// The tree of an entry that has just these members.
    static func value(of text: String, version: Int64, members: [String]) throws(IcebergError) -> JSONValue {
        let value: JSONValue
        do {
            value = try JSONValue(parsing: Array(text.utf8))
        } catch {
            throw damaged("\(error)")
        }
        guard let found = value["version"]?.integer else { throw damaged("it has no version") }
        guard found == version else { throw damaged("its version is \(found), and not \(version)") }
        guard value.members?.map(\.name) == members else { throw damaged("a member is missing, or there is one more") }
        return value
    }

    /// Writes the alerts that may not have been published yet.
    static func write(_ pending: [Alert], to writer: inout JSONWriter) {
        writer.member("pending") { writer in
            writer.array { writer in for alert in pending { alert.write(to: &writer) } }
        }
    }

    /// Reads the alerts that may not have been published yet.
    static func pending(_ value: JSONValue, _ stream: String) throws(IcebergError) -> [Alert] {
        guard let elements = value["pending"]?.elements else { throw damaged("the pending alerts") }
        var pending: [Alert] = []
        for element in elements {
            guard let alert = Alert(parsing: element, stream: stream) else { throw damaged("a pending alert") }
            pending.append(alert)
        }
        return pending
    }

    static func damaged(_ what: String) -> IcebergError {
        IcebergError(
            .malformed,
            "the stored state of alerts is damaged: \(what); nothing is taken, as alerts could be lost or told twice")
    }
}

extension RuleState {
    fileprivate func write(to writer: inout JSONWriter) {
        if isEmpty { return writer.null() }
        writer.array { writer in
            switch memory {
            case .none: break
            case .rate(let last):
                writer.integer(last.timeUs)
                writer.double(last.value)
            case .moments(let moments, let timeUs):
                writer.integer(moments.count)
                writer.double(moments.mean)
                writer.double(moments.variance)
                writer.integer(timeUs)
            }
            if let alertedUs { writer.integer(alertedUs) }
        }
    }

    /// Reads what ``write(to:)`` wrote; nil for anything else.
    /// - Parameter rule: nil for one that is no more, of which anything may be known.
    fileprivate init?(parsing value: JSONValue, of rule: AlertRule?) {
        self.init()
        if value == .null { return }
        guard var parts = value.elements?[...], !parts.isEmpty else { return nil }
        func time(_ value: JSONValue) -> Int64? {
            value.integer.flatMap { CalendarTime.range.contains($0) ? $0 : nil }
        }
        switch rule?.kind {
        case nil, .silence?: return
        case .rate?:
            guard parts.count >= 2, let timeUs = time(parts[0]), let last = parts[1].double, last.isFinite else {
                return nil
            }
            memory = .rate(RateOfChange(timeUs: timeUs, value: last))
            parts = parts.dropFirst(2)
        case .zScore?:
            // The time was not always kept; 0 is that of a reading long ago.
            guard parts.count >= 3, let count = parts[0].integer, let mean = parts[1].double,
                let variance = parts[2].double,
                let moments = ExponentialMoments(count: count, mean: mean, variance: variance),
                let timeUs = parts.count > 3 ? time(parts[3]) : 0
            else { return nil }
            memory = .moments(moments, timeUs: timeUs)
            parts = parts.dropFirst(4)
        case .limit?: break
        }
        guard parts.count <= 1 else { return nil }
        if let last = parts.first {
            guard let timeUs = time(last) else { return nil }
            alertedUs = timeUs
        }
    }
}
