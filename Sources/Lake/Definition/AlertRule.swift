/// One rule of detect-anomalies.
public struct AlertRule: Equatable, Sendable {
    /// When a reading, or the lack of one, is an anomaly.
    public enum Kind: Equatable, Sendable {
        /// The column's value is above or below a fixed limit; at least one is given.
        case limit(column: String, above: Double?, below: Double?)
        /// The column's value changes by more than this within this time, in milliseconds, whichever the direction.
        case rate(column: String, change: Double, perMs: Int64)
        /// The column's value is more than so many standard deviations from the mean, both exponentially weighted: the
        /// newest value counts by `weight`, from 0 to 1, and nothing is said of a key before its `warmUp`th value. A
        /// standard deviation below `deviation`, in the unit of the column, counts as that; nil for a thousandth of the
        /// mean's magnitude.
        case zScore(column: String, above: Double, weight: Double, warmUp: Int64, deviation: Double? = nil)
        /// No reading of a key for so long, in milliseconds.
        case silence(afterMs: Int64)
    }

    /// The name, unique within the stream.
    public let name: String
    /// When it strikes.
    public let kind: Kind
    /// The keys that it looks at, as the key column's text; nil for all.
    public let keys: [String]?
}
