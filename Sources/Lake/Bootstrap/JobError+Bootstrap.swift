extension JobError {
    /// Why an invocation of bootstrap-tables ended in an error.
    public enum Bootstrap: String, Sendable {
        /// The event asks for something that there is not.
        case event = "Event"
        /// Tables or views cannot follow the definition; everything else was done.
        case refused = "Refused"
        /// Something could not be reached or did not work; everything else was done.
        case failed = "Failed"
    }
}
