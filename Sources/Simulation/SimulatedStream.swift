/// The records of a simulated stream or topic by their numbers, whatever they are about: for what sends them on.
public struct SimulatedStream: Sendable {
    /// As `lake.json` names it.
    public let name: String
    /// Record `n`; nil if it is not sent, as its device is silent.
    public let record: @Sendable (Int) -> SimulatedRecord?
    /// The first record that is made at this time or later, in milliseconds since the epoch.
    public let index: @Sendable (_ atMs: Int64) -> Int
    /// When record `n` is made, in milliseconds since the epoch.
    public let timeMs: @Sendable (Int) -> Int64

    /// A stream.
    public init(
        name: String, record: @escaping @Sendable (Int) -> SimulatedRecord?,
        index: @escaping @Sendable (_ atMs: Int64) -> Int, timeMs: @escaping @Sendable (Int) -> Int64
    ) {
        self.name = name
        self.record = record
        self.index = index
        self.timeMs = timeMs
    }
}
