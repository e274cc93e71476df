extension JobError {
    /// Why records could not be looked through for anomalies.
    public enum Alerts: String, Sendable {
        /// No stream of the definition with rules has this source or name.
        case unknownStream = "UnknownStream"
        /// Alerts are committed, but could not be published; they are published with the next invocation.
        case notPublished = "NotPublished"
        /// Not all streams could be looked through for silence.
        case notChecked = "NotChecked"
    }
}
