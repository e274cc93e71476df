extension JobError {
    /// Why upkeep could not be done, or not to its end. What went wrong with single tables is in the reply instead.
    public enum Upkeep: String, Sendable {
        /// The engine cannot work on this lake.
        case engine = "Engine"
        /// The catalog has no database of a name that was asked for.
        case unknownDatabase = "UnknownDatabase"
        /// Tables are left, and the function has called itself as often as it may.
        case notFinished = "NotFinished"
        /// Tables are left, and the function could not call itself.
        case notHandedOn = "NotHandedOn"
    }
}
