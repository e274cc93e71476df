import AWS
import Foundation
import Iceberg
import JSON
@testable import Lake
import LambdaRuntime
import ObjectStores
import Testing

/// A lake with rules for its stream, and a topic that a test looks into.
final class AlertLake {
    let lake: TemporaryLake
    let topic = RecordingTopic()
    var handler: DetectAnomalies
    var nowMs = AlertLake.startMs

    /// When everything starts, in milliseconds since the epoch: by the clock of the commits, too.
    static let startMs = TemporaryLake.nowMs

    static let table = TableIdentifier(namespace: "sensors_db", name: "alerts")
    static let rules = """
        {"name":"high","kind":"limit","column":"value","above":100},
        {"name":"jump","kind":"rate","column":"value","change":50,"per":"1m"},
        {"name":"silent","kind":"silence","after":"10m"}
        """

    init(rules: String = AlertLake.rules, catalog: ((any Catalog) -> any Catalog)? = nil, publishes: Bool = true) throws
    {
        lake = try TemporaryLake(catalog: catalog) { Self.edited($0, rules) }
        handler = try DetectAnomalies(lake: lake.lake, publishes ? topic.topic : nil)
    }

    static func edited(_ definition: String, _ rules: String) -> String {
        let columns = AlertTable.columns.map {
            "{\"name\":\"\($0.name)\",\"type\":\"\($0.type.rawValue)\",\"required\":\($0.isRequired)}"
        }.joined(separator: ",")
        return definition.replacing(
            "{\"name\":\"id\",\"type\":\"long\"},{\"name\":\"name\",\"type\":\"string\"}]}",
            with:
                "{\"name\":\"id\",\"type\":\"long\"},{\"name\":\"at\",\"type\":\"timestamp\",\"timeFormat\":\"epoch_s\"},"
                + "{\"name\":\"value\",\"type\":\"double\"}]},{\"name\":\"sensors_db.alerts\",\"columns\":[\(columns)]}"
        ).replacing(
            "\"decoder\":\"json\",",
            with: "\"decoder\":\"json\",\"alerts\":{\"table\":\"sensors_db.alerts\",\"key\":\"id\",\"time\":\"at\","
                + "\"cooldown\":\"1m\",\"rules\":[\(rules)]},")
    }

    /// Another function of the same job, cold.
    func otherFunction(_ topic: AlertTopic? = nil) throws -> DetectAnomalies {
        try DetectAnomalies(
            lake: Lake(
                lake.lake.definition, catalog: lake.lake.catalog, store: lake.lake.store, warehouse: "",
                createsTables: false, environment: TemporaryLake.environment), topic ?? self.topic.topic)
    }

    /// A reading whose time and arrival are this many seconds from the start.
    static func payload(_ value: Double?, at second: Int, id: Int? = 1) -> String {
        "{\"id\":\(id.map { "\($0)" } ?? "null"),\"at\":\(Int(startMs / 1000) + second),"
            + "\"value\":\(value.map { "\($0)" } ?? "null")}"
    }

    /// Sends records; returns the sequence number that the reply names, if any.
    @discardableResult
    func send(_ event: [UInt8], to handler: inout DetectAnomalies) throws -> String? {
        let context = TemporaryLake.context(nowMs: nowMs)
        let response = try handler.handle(DetectionEvent(EventBuffer(event)), context)
        return try JSONValue(parsing: response.bytes)["batchItemFailures"]?.elements?.first?["itemIdentifier"]?.string
    }

    @discardableResult
    func send(_ event: [UInt8]) throws -> String? { try send(event, to: &handler) }

    /// Looks for silence; returns the reply about the stream.
    func check(_ handler: inout DetectAnomalies) throws -> JSONValue {
        let event = try DetectionEvent(EventBuffer(Array("{}".utf8)))
        let response = try handler.handle(event, TemporaryLake.context(nowMs: nowMs))
        return try #require(try JSONValue(parsing: response.bytes)["streams"]?.elements?.first)
    }

    func check() throws -> JSONValue { try check(&handler) }

    /// The table as it is now.
    func metadata() throws -> TableMetadata {
        try Table(
            Self.table, catalog: lake.lake.catalog, store: lake.lake.store, environment: TemporaryLake.environment
        )
        .metadata
    }

    func rows() throws -> Int { try lake.rows("sensors_db.alerts") }

    /// What the table keeps of the stream's silent keys.
    func silence() throws -> SilenceState {
        let alerts = try #require(lake.lake.definition.streams.first?.alerts)
        return try AlertStates(AlertRules(alerts), stream: "readings", in: try metadata()).silence(TemporaryLake.stream)
    }

    /// What the table keeps of a shard.
    func state(_ shard: String = "shardId-000000000000") throws -> ShardState {
        let alerts = try #require(lake.lake.definition.streams.first?.alerts)
        return try AlertStates(AlertRules(alerts), stream: "readings", in: try metadata())
            .shard(TemporaryLake.stream, shard)
    }
}

/// A topic that keeps what is published, or refuses it.
final class RecordingTopic {
    private(set) var messages: [SNS.Message] = []
    var isBroken = false
    /// Runs before a message is taken.
    var willTake: () throws -> Void = {}

    var topic: AlertTopic {
        AlertTopic(arn: "arn:aws:sns:eu-west-1:123456789012:alerts") { [self] message in
            try willTake()
            guard !isBroken else { throw IcebergError(.unavailable, "the topic is down") }
            messages.append(message)
        }
    }

    var subjects: [String] { messages.compactMap(\.subject) }
}
