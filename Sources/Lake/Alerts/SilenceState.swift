internal import Iceberg
internal import JSON

/// What the table of alerts keeps of the silence of a source's keys. Only the scheduled check writes it, so that it and the
/// functions that take readings have no entry in common.
struct SilenceState: Equatable {
    /// The silences of a key that a rule has found.
    struct Told: Equatable {
        /// The last reading before the silence that was told, by its arrival in milliseconds since the epoch.
        var alertedMs: Int64
        /// The last reading before the newest silence, told or suppressed so far.
        var knownMs: Int64
    }

    /// By rule and key.
    var rules: [String: [String: Told]] = [:]
    /// Alerts that are in the table and may not have been published yet.
    var pending: [Alert] = []

    private static let version: Int64 = 1

    /// The compact JSON that snapshots keep: `{"version":1,"rules":{"silent":{"17":[alerted,known],…}},"pending":[[…],…]}`.
    func serialized() -> String {
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("version", Self.version)
            writer.member("rules") { writer in
                writer.object { writer in
                    for (rule, keys) in rules.sorted(by: { $0.key < $1.key }) where !keys.isEmpty {
                        writer.member(rule) { writer in
                            writer.object { writer in
                                for (key, told) in keys.sorted(by: { $0.key < $1.key }) {
                                    writer.member(key) { writer in
                                        writer.array { writer in
                                            writer.integer(told.alertedMs)
                                            writer.integer(told.knownMs)
                                        }
                                    }
                                }
                            }
                        }
                    }
                }
            }
            ShardState.write(pending, to: &writer)
        }
        return writer.text
    }

    /// Reads what ``serialized()`` wrote.
    /// - Throws: ``IcebergError/Code/malformed`` for anything else.
    init(parsing text: String, stream: String) throws(IcebergError) {
        let value = try ShardState.value(of: text, version: Self.version, members: ["version", "rules", "pending"])
        guard let members = value["rules"]?.members else { throw ShardState.damaged("the rules") }
        for (rule, entry) in members {
            guard let keys = entry.members, !keys.isEmpty, rules[rule] == nil else {
                throw ShardState.damaged("a rule of silence")
            }
            for (key, told) in keys {
                guard let parts = told.elements, parts.count == 2, let alertedMs = parts[0].integer,
                    ArrivalTime.range.contains(alertedMs), let knownMs = parts[1].integer,
                    ArrivalTime.range.contains(knownMs), rules[rule]?[key] == nil
                else { throw ShardState.damaged("a silence") }
                rules[rule, default: [:]][key] = Told(alertedMs: alertedMs, knownMs: knownMs)
            }
        }
        pending = try ShardState.pending(value, stream)
    }

    init(rules: [String: [String: Told]] = [:], pending: [Alert] = []) {
        self.rules = rules
        self.pending = pending
    }
}
