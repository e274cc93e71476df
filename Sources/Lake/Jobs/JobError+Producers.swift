extension JobError {
    /// Why records were not made, or did not get to where they go.
    public enum Producers: String, Sendable {
        /// The definition has no stream for them.
        case notDefined = "NotDefined"
        /// The settings of the broker cannot be used.
        case configuration = "Configuration"
        /// Some records were not delivered; the message counts them.
        case undelivered = "Undelivered"
        /// Upstream gave nothing all the time.
        case upstream = "Upstream"
    }

    /// Why topics were not made.
    public enum Topics: String, Sendable {
        /// The definition has no topic.
        case notDefined = "NotDefined"
        /// Some topics could not be made; the message says which and why.
        case failed = "Failed"
    }
}
