/// What edge-gateway takes for a stream.
public struct GatewayDefinition: Equatable, Sendable {
    /// The column that names the device a reading is of: it must be the one that the token was made for, and it is the
    /// record's partition key.
    public let device: String
}
