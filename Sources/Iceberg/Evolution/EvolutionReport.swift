/// What ``Table/evolve(_:)`` did.
public struct EvolutionReport: Equatable, Sendable {
    /// How the table came to be as it was asked to be.
    public enum Outcome: Sendable {
        /// By a commit of its own.
        case committed
        /// Nothing had to be changed; after an attempt whose outcome was lost, that attempt may have done it.
        case unchanged
    }

    /// How the table came to be as it was asked to be.
    public var outcome: Outcome
    /// The changes of the last plan that was not empty, if it was committed.
    public var changes: [TableChange]
    /// Swaps tried.
    public var attempts: Int
    /// The table metadata file that is current, as far as is known.
    public var metadataLocation: String
    /// The schema that writers use from now on.
    public var schemaID: Int
    /// The partition spec that writers use from now on.
    public var specID: Int
    /// The sort order that writers use from now on.
    public var sortOrderID: Int
}
