/// How quotes are gathered into windows of time.
public struct WindowDefinition: Equatable, Sendable {
    /// How long a window is, in milliseconds; windows start at multiples of it since the epoch.
    public let lengthMs: Int64
    /// How far the watermark stays behind the largest time seen, in milliseconds.
    public let delayMs: Int64
    /// How far a quote's time may be ahead of its record's before it is taken for a fault, in milliseconds.
    public let maximumAheadMs: Int64

    /// A minute, two minutes, ten minutes.
    public static let standard = WindowDefinition(lengthMs: 60_000, delayMs: 120_000, maximumAheadMs: 600_000)
}
