extension JobError {
    /// Why the gateway cannot serve.
    public enum Gateway: String, Sendable {
        /// No stream of the definition takes readings of devices, or several do and none is named.
        case notDefined = "NotDefined"
        /// The secret that devices' keys are made from cannot be used.
        case secret = "Secret"
    }
}
