extension JobError {
    /// Why records could not be looked through for anomalies.
    public enum Alerts: String, Sendable {
        /// No stream of the definition with rules has this source.
        case unknownStream = "UnknownStream"
        /// Alerts are committed, but could not be published; they are published with the next invocation.
        case notPublished = "NotPublished"
    }
}
