/// Random numbers that are all zero: every jittered wait is none at all.
public struct ZeroGenerator: RandomNumberGenerator, Sendable {
    /// A generator.
    public init() {}

    /// Zero.
    public func next() -> UInt64 { 0 }
}
