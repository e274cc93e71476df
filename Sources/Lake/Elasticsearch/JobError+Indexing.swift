extension JobError {
    /// Why an event could not be indexed whole.
    public enum Indexing: String, Sendable {
        /// No stream of the definition takes the topic's records.
        case unknownStream = "UnknownStream"
        /// The stream is not one that fills an index.
        case notIndexed = "NotIndexed"
        /// The event does not say which cluster it is from.
        case unknownSource = "UnknownSource"
        /// Records are left that must come again.
        case incomplete = "Incomplete"
    }
}
