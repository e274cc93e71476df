import JSON
import Synchronization
import Testing

@testable import EventSources

/// Failure records that a mapping gave up.
final class Destination: Sendable {
    private let all = Mutex<[FailureRecord]>([])
    var records: [FailureRecord] { all.withLock { $0 } }
    var offsets: [[Int64]] { records.map { $0.records.map(\.offset) } }

    func take(_ record: FailureRecord) { all.withLock { $0.append(record) } }
}

enum Samples {
    static let shard = "shardId-000000000000"
    static let kinesis = KinesisEventText(
        streamARN: "arn:aws:kinesis:eu-west-1:1:stream/s", region: "eu-west-1", roleARN: "arn:aws:iam::1:role/r")
    static let kafka = KafkaEventText(clusterARN: "arn:aws:kafka:eu-west-1:1:cluster/c/1", bootstrapServers: "b:9098")
    static let functionARN = "arn:aws:lambda:eu-west-1:1:function:f"

    /// Records with these offsets, each taken as many seconds after the start as its offset says.
    static func records(_ offsets: Range<Int64>, of shard: String = shard, bytes: Int = 3) -> [StreamRecord] {
        offsets.map {
            StreamRecord(
                shard: shard, offset: $0, key: [0x6B], value: [UInt8](repeating: 0x78, count: bytes),
                timestampMs: $0 * 1000)
        }
    }

    static func shardMapping(
        from offset: Int64 = 0, _ change: (inout MappingOptions) -> Void = { _ in }
    ) throws -> ShardMapping {
        var options = MappingOptions.kinesis
        // Without the jitter of a wait, times can be told.
        options.retryBaseMs = 100
        change(&options)
        return try ShardMapping(
            shard: shard, from: offset, functionARN: functionARN, text: kinesis, options: options, seed: 7)
    }

    static func topicMapping(
        _ partitions: [String], provisioned: Bool = true, _ change: (inout MappingOptions) -> Void = { _ in }
    ) throws -> TopicMapping {
        var options = MappingOptions.kafka
        options.maximumBatchingWindowMs = 0
        change(&options)
        return try TopicMapping(
            partitions: partitions.map { ($0, 0) }, functionARN: functionARN, text: kafka, options: options,
            isProvisioned: provisioned, seed: 7)
    }

    /// A reply that reports these records of Kinesis.
    static func reply(_ offsets: Int64...) -> InvocationOutcome {
        let items = offsets.map { #"{"itemIdentifier":"\#(ShardSequenceNumber.text($0))"}"# }
        return .reply(Array(#"{"batchItemFailures":[\#(items.joined(separator: ","))]}"#.utf8))
    }

    /// A reply that reports these records of Kafka.
    static func reply(_ places: [(String, Int64)]) -> InvocationOutcome {
        let items = places.map { #"{"itemIdentifier":{"partition":"\#($0.0)","offset":\#($0.1)}}"# }
        return .reply(Array(#"{"batchItemFailures":[\#(items.joined(separator: ","))]}"#.utf8))
    }

    static let success = InvocationOutcome.reply([])
}

extension EventSourceMapping {
    /// The offsets of the batch that is to be sent now; nil if none is.
    mutating func batch(_ nowMs: Int64 = 0) -> [Int64]? {
        guard case .invoke(let batch) = next(nowMs: nowMs) else { return nil }
        return batch.records.map(\.offset)
    }

    /// Until when it waits; nil if it does not.
    mutating func waitsUntil(_ nowMs: Int64) -> Int64? {
        guard case .wait(let time) = next(nowMs: nowMs) else { return nil }
        return time
    }

    mutating func isIdle(_ nowMs: Int64 = 0) -> Bool {
        if case .idle = next(nowMs: nowMs) { true } else { false }
    }

    mutating func take(_ outcome: InvocationOutcome, _ nowMs: Int64 = 0) {
        take(outcome, requestID: "request-1", nowMs: nowMs)
    }
}
