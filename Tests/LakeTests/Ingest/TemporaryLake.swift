import Catalogs
import Foundation
import Iceberg
import JSON
@testable import Lake
import LambdaRuntime
import Logging
import ObjectStores

/// A lake in a folder of its own that goes with it, and a function that ingests into it in this process.
final class TemporaryLake {
    static let stream = "arn:aws:kinesis:eu-west-1:123456789012:stream/readings"

    let folder: URL
    let lake: Lake
    var handler: KinesisIngest
    /// The time of every commit, and of invocations unless a test moves it, in milliseconds since the epoch.
    static let nowMs: Int64 = 1_795_000_000_000
    /// The time of every invocation, in milliseconds since the epoch.
    var nowMs = TemporaryLake.nowMs
    /// How long every invocation may take.
    var timeMs: Int64 = 60_000

    /// - Parameters:
    ///   - catalog: what stands before the lake's SQLite catalog.
    ///   - edit: changes the definition's text.
    init(
        onBadRecord: String = "dead-letter", catalog: ((any Catalog) -> any Catalog)? = nil,
        edit: (String) -> String = { $0 }
    ) throws {
        folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let sqlite = try SQLiteCatalog(path: folder.appending(path: "catalog.db").path(), name: "swiftlake")
        lake = Lake(
            try LakeDefinition(parsing: Array(edit(Self.definition(onBadRecord)).utf8)),
            catalog: catalog.map { $0(sqlite) } ?? sqlite, store: FileObjectStore(),
            warehouse: "file://" + folder.appending(path: "warehouse").path(), createsTables: true,
            environment: TemporaryLake.environment)
        handler = KinesisIngest(lake: lake, Self.initContext)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    /// Sends an event; returns the sequence number that the reply names, if any.
    func ingest(_ event: [UInt8], clock: WallClock? = nil) throws -> String? {
        let now = nowMs
        let context = Self.context(nowMs: now, timeMs: timeMs, clock: clock)
        let response = try handler.handle(KinesisEvent(EventBuffer(event)), context)
        let failures = try JSONValue(parsing: response.bytes)["batchItemFailures"]?.elements
        return failures?.first?["itemIdentifier"]?.string
    }

    /// Rows of a table, as its current snapshot counts them.
    func rows(_ table: String = "sensors_db.readings") throws -> Int {
        let parts = table.split(separator: ".").map(String.init)
        let identifier = TableIdentifier(namespace: parts[0], name: parts[1])
        let fresh = Table(identifier, catalog: lake.catalog, store: lake.store, environment: TemporaryLake.environment)
        return try fresh.metadata.currentSnapshot.flatMap { $0.summary.properties["total-records"] }.flatMap(Int.init)
            ?? 0
    }

    /// Another function on this lake's catalog and files, cold, with a definition of its own if the text is changed.
    func otherFunction(edit: (String) -> String = { $0 }) throws -> KinesisIngest {
        let definition = try LakeDefinition(parsing: Array(edit(Self.definition("dead-letter")).utf8))
        return KinesisIngest(
            lake: Lake(
                definition, catalog: lake.catalog, store: lake.store,
                warehouse: "file://" + folder.appending(path: "warehouse").path(), createsTables: true,
                environment: TemporaryLake.environment),
            Self.initContext)
    }

    /// An event of these payloads, whose sequence numbers are their places from `first` on.
    static func event(
        _ payloads: [String], first: Int = 1, shard: String = "shardId-000000000000", arrivalMs: Int64 = 1_000_000
    ) -> [UInt8] {
        let records = payloads.enumerated().map { place, payload in
            """
            {"eventID":"\(shard):\(first + place)","eventSource":"aws:kinesis","eventSourceARN":"\(stream)",
            "kinesis":{"partitionKey":"k","sequenceNumber":"\(first + place)",
            "data":"\(Data(payload.utf8).base64EncodedString())",
            "approximateArrivalTimestamp":\(Double(arrivalMs + Int64(first + place)) / 1000)}}
            """
        }
        return Array("{\"Records\":[\(records.joined(separator: ","))]}".utf8)
    }

    /// A context of an invocation at this time.
    static func context(
        nowMs: Int64, timeMs: Int64 = 60_000, clock: WallClock? = nil, requestID: String = "test",
        metrics: Metrics? = nil
    ) -> Context {
        Context(
            requestID: requestID, deadlineMilliseconds: nowMs + timeMs, log: silent,
            metrics: metrics ?? Metrics(namespace: "test", writer: nowhere), clock: clock ?? WallClock { nowMs })
    }

    /// What commits take from outside: a clock that stands still.
    static var environment: CommitEnvironment {
        var environment = CommitEnvironment.system
        environment.nowMs = { nowMs }
        return environment
    }

    static let initContext = InitContext(
        environment: [:], log: silent, metrics: Metrics(namespace: "test", writer: nowhere))

    private static let silent = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    private static let nowhere = LineWriter { _ in }

    static func definition(_ onBadRecord: String) -> String {
        """
        {"databases":[{"name":"sensors_db"},{"name":"lake_db"}],
         "tables":[
          {"name":"sensors_db.readings","columns":[{"name":"id","type":"long"},{"name":"name","type":"string"}]},
          {"name":"lake_db.dead_letters","columns":[\(deadLetterColumns)]}],
         "streams":[{"name":"readings","source":{"kind":"kinesis","name":"readings"},"table":"sensors_db.readings",
          "decoder":"json","onBadRecord":"\(onBadRecord)"}],
         "deadLetterTable":"lake_db.dead_letters"}
        """
    }

    static let deadLetterColumns = DeadLetterTable.columns.map { column in
        "{\"name\":\"\(column.name)\",\"type\":\"\(column.type.rawValue)\",\"required\":\(column.isRequired)}"
    }.joined(separator: ",")
}
