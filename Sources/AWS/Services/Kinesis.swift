internal import HTTPTransport
internal import JSON

/// Amazon Kinesis Data Streams: records put into a stream, and read from its shards.
public struct Kinesis {
    let client: ServiceClient

    /// The service, as a client reaches it.
    public init(_ client: ServiceClient) { self.client = client }

    /// A record to put.
    public struct Record: Equatable, Sendable {
        /// The payload.
        public var data: [UInt8]
        /// Decides the shard.
        public var partitionKey: String

        /// A record.
        public init(_ data: [UInt8], partitionKey: String) {
            self.data = data
            self.partitionKey = partitionKey
        }

        /// What it counts towards the limit of a call, in bytes.
        var size: Int { data.count + partitionKey.utf8.count }
    }

    /// Where a record came to lie.
    public struct Position: Equatable, Sendable {
        /// The shard.
        public let shardID: String
        /// The shard sequence number.
        public let sequenceNumber: String
    }

    /// Records of one call, at most.
    static let maximumRecords = 500
    /// Bytes of one call, at most.
    static let maximumBytes = 5 << 20

    /// Puts records (PutRecords), in as few calls as the limits allow, one after the other. Those that the service
    /// turns away are put again ahead of the rest, so that records keep their order as far as PutRecords keeps it.
    /// - Parameters:
    ///   - stream: the stream's name or ARN.
    ///   - allowingDuplicates: whether a call that may have been carried out is sent again all the same.
    /// - Returns: for each record where it lies, or why it is not known to lie anywhere. After a call that failed
    ///   altogether, the records behind it are not sent.
    public func put(
        _ records: [Record], into stream: String, allowingDuplicates: Bool = false
    ) -> [Result<Position, ServiceError>] {
        var batches = PutBatches(records)
        while let batch = batches.next() {
            let request = call(batch.map { records[$0] }, stream, allowingDuplicates)
            do throws(ServiceError) {
                let (reply, value) = try client.object(request)
                try batches.take(value, reply, client.configuration.maximumAttempts)
            } catch {
                batches.fail(error)
                break
            }
            if batches.rounds > 0, !client.pause(beforeRetry: batches.rounds, .throttled) {
                batches.giveUp()
                break
            }
        }
        return batches.results(elseFailing: call([], stream, false))
    }

    private func call(_ records: [Record], _ stream: String, _ isIdempotent: Bool) -> ServiceRequest {
        .json(.kinesis, target: "Kinesis_20131202", "PutRecords", isIdempotent: isIdempotent) { writer in
            Self.write(stream, to: &writer)
            writer.member("Records") { writer in
                writer.array { writer in
                    for record in records {
                        writer.object { writer in
                            writer.member("Data", Base64.encode(record.data))
                            writer.member("PartitionKey", record.partitionKey)
                        }
                    }
                }
            }
        }
    }
}
