internal import JSON

/// Shards, and the records that lie in them.
extension Kinesis {
    /// A shard of a stream.
    public struct Shard: Equatable, Sendable {
        /// Such as `shardId-000000000000`.
        public let id: String
        /// The shards that it was made from: one where a shard was split, two where shards were merged.
        public let parents: [String]
        /// Whether nothing more can come: it was split or merged.
        public let isClosed: Bool
    }

    /// Where reading a shard begins.
    public enum Start: Equatable, Sendable {
        /// At the oldest record that the stream has kept.
        case trimHorizon
        /// Behind the record of this shard sequence number.
        case after(sequenceNumber: String)
    }

    /// A record as it lies in a shard.
    public struct StoredRecord: Equatable, Sendable {
        /// The shard sequence number: decimal digits.
        public let sequenceNumber: String
        /// What decided the shard.
        public let partitionKey: String
        /// The payload.
        public let data: [UInt8]
        /// About when the stream took it, in milliseconds since the epoch.
        public let arrivalMs: Int64
    }

    /// What one call found.
    public struct Page: Equatable, Sendable {
        /// Records in the shard's order; there may be none although more come later.
        public let records: [StoredRecord]
        /// Where the next call goes on; nil once a closed shard has been read to its end.
        public let next: String?
        /// How far the shard's end is ahead of these records, in milliseconds; 0 at the end.
        public let millisecondsBehind: Int64
    }

    /// Pages of shards that are asked for: more than a stream's shards can fill.
    private static let maximumPages = 1_000
    /// Digits of a shard sequence number, at most: 128 digits are far more than the service writes.
    private static let maximumDigits = 128

    /// The ARN of a stream (DescribeStreamSummary).
    public func arn(of stream: String) throws(ServiceError) -> String {
        let (reply, value) = try client.object(
            reading("DescribeStreamSummary") { Self.write(stream, to: &$0) })
        return try reply.require(value["StreamDescriptionSummary"]?["StreamARN"]?.string, "StreamARN")
    }

    /// The shards of a stream (ListShards), in the service's order: those that are open, and closed ones whose records
    /// have not all expired.
    /// - Parameter stream: the stream's name or ARN.
    public func shards(of stream: String) throws(ServiceError) -> [Shard] {
        var shards: [Shard] = []
        var token: String?
        for _ in 0..<Self.maximumPages {
            let (reply, value) = try client.object(
                reading("ListShards") { writer in
                    if let token {
                        writer.member("NextToken", token)
                    } else {
                        Self.write(stream, to: &writer)
                    }
                })
            for shard in try reply.require(value["Shards"]?.elements, "Shards") {
                shards.append(
                    Shard(
                        id: try reply.require(shard["ShardId"]?.string, "ShardId"),
                        parents: [shard["ParentShardId"]?.string, shard["AdjacentParentShardId"]?.string]
                            .compactMap { $0 },
                        isClosed: shard["SequenceNumberRange"]?["EndingSequenceNumber"]?.string != nil))
            }
            guard let next = value["NextToken"]?.string, !next.isEmpty else { return shards }
            guard next != token else { throw reply.malformed("a NextToken that leads nowhere") }
            token = next
        }
        return shards
    }

    /// What reads a shard from a place on (GetShardIterator). It expires after five minutes.
    /// - Parameter stream: the stream's name or ARN.
    public func iterator(of shard: String, in stream: String, from start: Start) throws(ServiceError) -> String {
        let (reply, value) = try client.object(
            reading("GetShardIterator") { writer in
                Self.write(stream, to: &writer)
                writer.member("ShardId", shard)
                switch start {
                case .trimHorizon: writer.member("ShardIteratorType", "TRIM_HORIZON")
                case .after(let sequenceNumber):
                    writer.member("ShardIteratorType", "AFTER_SEQUENCE_NUMBER")
                    writer.member("StartingSequenceNumber", sequenceNumber)
                }
            })
        return try reply.require(value["ShardIterator"]?.string, "ShardIterator")
    }

    /// The next records of a shard (GetRecords).
    /// - Parameters:
    ///   - iterator: the one that ``iterator(of:in:from:)`` or the call before gave.
    ///   - limit: how many records at most, from 1 to 10,000.
    /// - Throws: ``ServiceError`` with the code `ExpiredIteratorException` if the iterator is too old.
    public func records(_ iterator: String, limit: Int) throws(ServiceError) -> Page {
        let (reply, value) = try client.object(
            reading("GetRecords") { writer in
                writer.member("ShardIterator", iterator)
                writer.member("Limit") { $0.integer(Int64(min(max(limit, 1), 10_000))) }
            })
        var records: [StoredRecord] = []
        for record in try reply.require(value["Records"]?.elements, "Records") {
            records.append(try Self.record(record, reply))
        }
        return Page(
            records: records, next: value["NextShardIterator"]?.string,
            millisecondsBehind: max(0, value["MillisBehindLatest"]?.integer ?? 0))
    }

    private static func record(_ value: JSONValue, _ reply: ServiceReply) throws(ServiceError) -> StoredRecord {
        let number = try reply.require(value["SequenceNumber"]?.string, "SequenceNumber")
        guard (1...maximumDigits).contains(number.utf8.count), number.utf8.allSatisfy({ (0x30...0x39).contains($0) })
        else { throw reply.malformed("a SequenceNumber that is no number") }
        let text = Array(try reply.require(value["Data"]?.string, "Data").utf8)
        var data: [UInt8] = []
        guard (try? Base64.decode(text.span.bytes, into: &data)) != nil else {
            throw reply.malformed("a record's Data that is not base64")
        }
        // Seconds with a fraction.
        let arrival = value["ApproximateArrivalTimestamp"]?.double ?? 0
        guard let arrivalMs = Int64(exactly: (arrival * 1000).rounded()), arrivalMs >= 0 else {
            throw reply.malformed("an ApproximateArrivalTimestamp that is no time")
        }
        return StoredRecord(
            sequenceNumber: number, partitionKey: value["PartitionKey"]?.string ?? "", data: data, arrivalMs: arrivalMs)
    }

    private func reading(_ operation: String, _ parameters: (inout JSONWriter) -> Void) -> ServiceRequest {
        .json(.kinesis, target: "Kinesis_20131202", operation, isIdempotent: true, parameters: parameters)
    }

    /// The member that names a stream.
    static func write(_ stream: String, to writer: inout JSONWriter) {
        writer.member(stream.hasPrefix("arn:") ? "StreamARN" : "StreamName", stream)
    }
}
