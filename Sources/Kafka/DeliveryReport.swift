/// What became of the records given to a producer since the report before.
public struct DeliveryReport: Equatable, Sendable {
    /// How many the cluster has acknowledged.
    public var delivered = 0
    /// How many it has not: refused, or not known to have arrived.
    public var undelivered = 0
    /// Why not: each kind of fault with its first error, and how many records it concerns.
    public var failures: [KafkaError.Code: Failure] = [:]

    /// One kind of fault.
    public struct Failure: Equatable, Sendable {
        /// The first error.
        public let error: KafkaError
        /// How many records it concerns.
        public var count: Int

        /// A kind of fault.
        public init(error: KafkaError, count: Int) {
            self.error = error
            self.count = count
        }
    }

    /// Nothing has been sent.
    public init() {}
}
