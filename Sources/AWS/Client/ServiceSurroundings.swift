/// What calls take from outside beside the network, so that a test can give it all.
public struct ServiceSurroundings {
    /// Milliseconds since the epoch.
    public var nowMs: () -> Int64
    /// Where the jitter of waiting comes from.
    public var random: any RandomNumberGenerator
    /// Waits, for a number of milliseconds.
    public var sleep: (Int64) -> Void

    /// Surroundings.
    public init(
        nowMs: @escaping () -> Int64, random: any RandomNumberGenerator, sleep: @escaping (Int64) -> Void
    ) {
        self.nowMs = nowMs
        self.random = random
        self.sleep = sleep
    }
}
