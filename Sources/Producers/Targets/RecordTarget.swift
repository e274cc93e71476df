public import Simulation

/// Where a producer's records go: a Kafka topic, or a Kinesis stream. One thread uses it.
public protocol RecordTarget: AnyObject {
    /// What it is, for people: safe to log.
    var name: String { get }

    /// Puts records, in their order, and waits until each is in, or is given up.
    /// - Parameter beforeMs: until when that may take, in milliseconds since the epoch.
    func put(_ records: [SimulatedRecord], beforeMs: Int64) -> PutReport
}

/// What became of records that were put.
public struct PutReport: Equatable, Sendable {
    /// How many are in.
    public var put = 0
    /// How many are not, or are not known to be: none of them is put again.
    public var failed = 0
    /// Why the most recent of those failed; safe to log.
    public var reason: String?

    /// Nothing has been put.
    public init(put: Int = 0, failed: Int = 0, reason: String? = nil) {
        self.put = put
        self.failed = failed
        self.reason = reason
    }

    /// Adds what became of further records.
    public mutating func add(_ other: PutReport) {
        put += other.put
        failed += other.failed
        reason = other.reason ?? reason
    }
}
