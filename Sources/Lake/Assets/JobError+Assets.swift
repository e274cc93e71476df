extension JobError {
    /// Why the logos of assets could not be refreshed. Nothing was appended then, and the message holds nothing of a
    /// reply's body.
    public enum Assets: String, Sendable {
        /// The definition follows no assets.
        case notDefined = "NotDefined"
        /// CoinAPI, or the way to it, failed, also when asked again.
        case unavailable = "Unavailable"
        /// CoinAPI does not accept the key.
        case keyRefused = "KeyRefused"
        /// What came is not a list of logos.
        case badReply = "BadReply"
        /// The list holds no logo that could be kept.
        case noLogos = "NoLogos"
    }
}
