public import Iceberg

/// What detect-anomalies looks for in the records of a stream.
public struct AlertsDefinition: Equatable, Sendable {
    /// Where rows of alerts go, and where the rules' state is kept.
    public let table: TableIdentifier
    /// The column that tells what a reading is of, such as the device: rules keep their state by it.
    public let key: String
    /// The column that tells when a reading was taken.
    public let time: String
    /// How long after an alert the same rule is silent about the same key, in milliseconds.
    public let cooldownMs: Int64
    /// The rules, each with a name of its own.
    public let rules: [AlertRule]

    /// How long a rule is silent after an alert, unless the definition says otherwise.
    public static let defaultCooldownMs: Int64 = 600_000
}
