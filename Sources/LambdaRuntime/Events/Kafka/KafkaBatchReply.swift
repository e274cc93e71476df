internal import JSON

/// What a function answers to a Kafka batch, for mappings with `ReportBatchItemFailures`.
///
/// AWS says that only the records named are retried; other readers take the first of a partition as the place to resume
/// from. Name every record of a partition from its first failure on, and both come out right.
public struct KafkaBatchReply: Equatable, Sendable {
    /// One record that was not dealt with.
    public struct Failure: Equatable, Sendable {
        /// The topic.
        public let topic: String
        /// The partition's number within its topic.
        public let partition: Int32
        /// The record's offset within its partition.
        public let offset: Int64

        /// Names a record.
        public init(topic: String, partition: Int32, offset: Int64) {
            self.topic = topic
            self.partition = partition
            self.offset = offset
        }
    }

    /// The records that were not dealt with.
    public var failures: [Failure]

    /// A reply.
    public init(failures: [Failure] = []) { self.failures = failures }

    /// `{"batchItemFailures":[{"itemIdentifier":{"partition":"topic-0","offset":100}}]}`
    public var response: LambdaResponse {
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("batchItemFailures") { writer in
                writer.array { writer in
                    for failure in failures {
                        writer.object { writer in
                            writer.member("itemIdentifier") { writer in
                                writer.object { writer in
                                    writer.member("partition", "\(failure.topic)-\(failure.partition)")
                                    writer.member("offset", failure.offset)
                                }
                            }
                        }
                    }
                }
            }
        }
        return LambdaResponse(writer.bytes)
    }
}
