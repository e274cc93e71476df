/// How a statement's execution stands.
public struct AthenaExecution: Equatable, Sendable {
    /// The five states of Athena.
    public enum State: String, Sendable {
        case queued = "QUEUED"
        case running = "RUNNING"
        case succeeded = "SUCCEEDED"
        case failed = "FAILED"
        case cancelled = "CANCELLED"

        /// Whether no other follows.
        public var isFinal: Bool { self != .queued && self != .running }
    }

    /// The state.
    public let state: State
    /// Why it came to this state, where Athena says: the error, or that more runs are needed.
    public let reason: String?
    /// The file of the results.
    public let outputLocation: String?
    /// What is paid for, in bytes.
    public let scannedBytes: Int64?
    /// How long it ran, waiting included, in milliseconds.
    public let milliseconds: Int64?
    /// Whether Athena says of a failed one that the same statement may succeed later.
    public var isRetryable = false
}

/// A page of a statement's rows. Of a SELECT, the first row of the first page holds the columns' names.
public struct AthenaRows: Sendable {
    /// The columns' names and types.
    public let columns: [(name: String, type: String)]
    /// The values as text; nil for null.
    public let rows: [[String?]]
    /// What to ask the next page with; nil if this is the last.
    public let next: String?
}
