import Foundation
import Iceberg
import JSON
@testable import Lake
import LambdaRuntime

/// A record of an event that a test makes.
struct KafkaSample {
    var topic = "trades"
    var partition = 0
    var offset: Int64
    var timestampMs: Int64 = 1_000_000
    var timestampType = "CREATE_TIME"
    var key: [UInt8]?
    /// Nil for a tombstone.
    var value: [UInt8]?
    /// Name and bytes.
    var headers: [(String, [UInt8])] = []

    /// A record whose value is this text.
    static func text(
        _ text: String, at offset: Int64, partition: Int = 0, topic: String = "trades", timestampMs: Int64? = nil
    ) -> KafkaSample {
        KafkaSample(
            topic: topic, partition: partition, offset: offset, timestampMs: timestampMs ?? 1_000_000 + offset,
            value: Array(text.utf8))
    }

    var json: String {
        let headers = headers.map { "{\"\($0)\":\($1.map(Int.init))}" }.joined(separator: ",")
        let key = key.map { "\"\(Data($0).base64EncodedString())\"" } ?? "null"
        let value = value.map { "\"\(Data($0).base64EncodedString())\"" } ?? "null"
        return """
            {"topic":"\(topic)","partition":\(partition),"offset":\(offset),"timestamp":\(timestampMs),
            "timestampType":"\(timestampType)","key":\(key),"value":\(value),"headers":[\(headers)]}
            """
    }
}

/// A lake in a folder of its own, whose topics `trades` and `orders` a function in this process takes.
final class KafkaLake {
    static let cluster = "arn:aws:kafka:eu-west-1:123456789012:cluster/lake/5a3b7c1e-0f0b-4c8e-9d59-1c2d3e4f5a6b-7"

    let base: TemporaryLake
    var handler: KafkaIngest

    init(
        onBadRecord: String = "dead-letter", columns: String = plainColumns,
        catalog: ((any Catalog) -> any Catalog)? = nil, edit: (String) -> String = { $0 }
    ) throws {
        base = try TemporaryLake(onBadRecord: onBadRecord, catalog: catalog) { text in
            edit(Self.withTopics(text, onBadRecord, columns))
        }
        handler = KafkaIngest(lake: base.lake, TemporaryLake.initContext)
    }

    static let plainColumns = #"{"name":"id","type":"long"},{"name":"name","type":"string"}"#

    /// Sends an event; returns the reply's text.
    @discardableResult
    func ingest(
        _ records: [KafkaSample], cluster: String? = cluster, bootstrap: String? = "b-1:9098", clock: WallClock? = nil
    ) throws -> String {
        try ingest(Self.event(records, cluster: cluster, bootstrap: bootstrap), clock: clock)
    }

    /// Sends an event; returns the reply's text.
    @discardableResult
    func ingest(_ event: [UInt8], clock: WallClock? = nil) throws -> String {
        let context = TemporaryLake.context(nowMs: base.nowMs, timeMs: base.timeMs, clock: clock)
        return String(decoding: try handler.handle(KafkaEvent(EventBuffer(event)), context).bytes, as: UTF8.self)
    }

    /// Rows of the topic's table.
    func rows(_ topic: String = "trades") throws -> Int { try base.rows("sensors_db.\(topic)") }

    var deadLetters: Int { get throws { try base.rows("lake_db.dead_letters") } }

    /// The watermarks that a topic's table has for a cluster: last offset by partition.
    func watermarks(_ topic: String = "trades", of cluster: String = cluster) throws -> [String: String] {
        let table = try base.lake.table(TableIdentifier(namespace: "sensors_db", name: topic))
        return try table.watermarks(of: cluster).shards.mapValues(\.last.description)
    }

    static func event(
        _ records: [KafkaSample], cluster: String? = cluster, bootstrap: String? = "b-1:9098"
    ) -> [UInt8] {
        var partitions: [(name: String, records: [String])] = []
        for record in records {
            let name = "\(record.topic)-\(record.partition)"
            if let place = partitions.firstIndex(where: { $0.name == name }) {
                partitions[place].records.append(record.json)
            } else {
                partitions.append((name, [record.json]))
            }
        }
        let members =
            [
                cluster.map { "\"eventSource\":\"aws:kafka\",\"eventSourceArn\":\"\($0)\"" }
                    ?? "\"eventSource\":\"SelfManagedKafka\""
            ]
            + (bootstrap.map { ["\"bootstrapServers\":\"\($0)\""] } ?? [])
            + ["\"records\":{\(partitions.map { "\"\($0)\":[\($1.joined(separator: ","))]" }.joined(separator: ","))}"]
        return Array("{\(members.joined(separator: ","))}".utf8)
    }

    private static func withTopics(_ text: String, _ onBadRecord: String, _ columns: String) -> String {
        let topics = ["trades", "orders"]
        let tables = topics.map { "{\"name\":\"sensors_db.\($0)\",\"columns\":[\(columns)]}," }.joined()
        let streams = topics.map { topic in
            """
            {"name":"\(topic)","source":{"kind":"kafka","topic":"\(topic)"},"table":"sensors_db.\(topic)",
             "decoder":"json","onBadRecord":"\(onBadRecord)"},
            """
        }.joined()
        return text.replacing("\"tables\":[", with: "\"tables\":[" + tables)
            .replacing("\"streams\":[", with: "\"streams\":[" + streams)
    }
}
