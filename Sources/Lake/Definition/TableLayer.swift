/// How far the data of a table is refined. Each layer may have a warehouse of its own.
public enum TableLayer: String, CaseIterable, Sendable {
    /// As it came.
    case bronze
    /// Cleaned: one row for each thing.
    case silver
    /// Ready for those who decide.
    case gold
}
