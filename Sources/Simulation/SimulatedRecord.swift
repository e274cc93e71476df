/// A record that a producer puts into a stream or topic.
public struct SimulatedRecord: Equatable, Sendable {
    /// Decides the shard or partition.
    public let key: String
    /// The payload.
    public let value: [UInt8]
    /// When it is made, in milliseconds since the epoch.
    public let timeMs: Int64

    /// A record.
    public init(key: String, value: [UInt8], timeMs: Int64) {
        self.key = key
        self.value = value
        self.timeMs = timeMs
    }
}
