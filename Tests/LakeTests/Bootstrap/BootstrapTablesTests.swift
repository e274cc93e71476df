import Catalogs
import Foundation
import Iceberg
import JSON
import LambdaRuntime
import ObjectStores
import Testing

@testable import Lake

@Suite struct BootstrapTablesTests {
    private let ingest: TemporaryLake

    init() throws { ingest = try TemporaryLake() }

    /// What the function answers to an event, with a definition on the lake's catalog and files.
    private func invoke(
        _ event: String = "{}", catalog: (any Catalog)? = nil, warehouse: String? = nil,
        edit: (String) -> String = { $0 }
    ) throws -> JSONValue {
        let text = edit(TemporaryLake.definition("dead-letter"))
        let lake = Lake(
            try LakeDefinition(parsing: Array(text.utf8)), catalog: catalog ?? ingest.lake.catalog,
            store: ingest.lake.store,
            warehouse: warehouse ?? "file://" + ingest.folder.appending(path: "warehouse").path(),
            createsTables: false, environment: TemporaryLake.environment)
        var handler = try BootstrapTables(lake: lake)
        let response = try handler.handle(
            JSONEvent(EventBuffer(Array(event.utf8))), TemporaryLake.context(nowMs: TemporaryLake.nowMs))
        return try JSONValue(parsing: response.bytes)
    }

    private static func replacing(_ old: String, _ new: String) -> (String) -> String {
        { $0.replacingOccurrences(of: old, with: new) }
    }

    private static func site(_ text: String) -> String {
        replacing(
            #"{"name":"name","type":"string"}]"#, #"{"name":"name","type":"string"},{"name":"site","type":"string"}]"#)(
                text)
    }

    private func action(_ reply: JSONValue, _ list: String, _ name: String) -> String? {
        reply[list]?.elements?.first { $0["name"]?.string == name }?["action"]?.string
    }

    private func files() -> Set<String> {
        Set(FileManager.default.subpaths(atPath: ingest.folder.path()) ?? [])
    }

    @Test func makesWhatIsMissingOnce() throws {
        let first = try invoke()
        #expect(first["created"]?.integer == 4)
        #expect(try ingest.lake.catalog.namespaces() == ["lake_db", "sensors_db"])
        let second = try invoke()
        #expect(second["created"]?.integer == 0)
        #expect(second["unchanged"]?.integer == 4)
    }

    @Test func aDryRunWritesNothing() throws {
        let before = files()
        let reply = try invoke(#"{"dryRun": true}"#)
        let plan = (reply["plan"]?.elements ?? []).compactMap(\.string)
        #expect(plan.contains("+ database sensors_db"))
        #expect(plan.contains("  + column id long"))
        #expect(files() == before)
        #expect(try ingest.lake.catalog.namespaces() == [])
    }

    @Test func evolvesAndSaysHow() throws {
        _ = try invoke()
        let plan = try invoke(#"{"dryRun": true}"#, edit: Self.site)
        #expect(
            plan["plan"] == .array([.string("~ table sensors_db.readings"), .string("  + column site string")]))
        let reply = try invoke(edit: Self.site)
        #expect(action(reply, "tables", "sensors_db.readings") == "evolved")
        #expect(action(reply, "tables", "lake_db.dead_letters") == "unchanged")
        #expect(action(try invoke(edit: Self.site), "tables", "sensors_db.readings") == "unchanged")
    }

    @Test func aWarmFunctionFillsTheNewColumnWithItsNextBatch() throws {
        _ = try ingest.ingest(TemporaryLake.event([#"{"id":1,"name":"a"}"#]))
        _ = try invoke(edit: Self.site)
        let batch = TemporaryLake.event([#"{"id":2,"name":"b","site":"north"}"#], first: 2)
        #expect(try ingest.ingest(batch) == nil)
        #expect(try ingest.rows() == 2)
    }

    @Test func aValueThatFitsSinceItsColumnGrewIsNoBadRecord() throws {
        let narrow = try TemporaryLake(edit: Self.replacing(#""id","type":"long""#, #""id","type":"int""#))
        _ = try narrow.ingest(TemporaryLake.event([#"{"id":1,"name":"a"}"#]))
        let readings = Table(
            TableIdentifier(namespace: "sensors_db", name: "readings"), catalog: narrow.lake.catalog,
            store: narrow.lake.store, environment: TemporaryLake.environment)
        _ = try readings.evolve { _ in [.widenColumn(name: "id", to: .long)] }
        #expect(try narrow.ingest(TemporaryLake.event([#"{"id":9007199254740993}"#], first: 2)) == nil)
        #expect(try narrow.rows() == 2)
        let letters = TableIdentifier(namespace: "lake_db", name: "dead_letters")
        #expect(throws: IcebergError.self) { try narrow.lake.catalog.load(letters) }
    }

    @Test func aRefusalLeavesItsTableAndStopsNoOther() throws {
        _ = try invoke()
        let edit: (String) -> String = { text in
            Self.replacing(#"{"name":"id","type":"long"}"#, #"{"name":"id","type":"int"}"#)(Self.site(text))
                .replacingOccurrences(
                    of: #""type":"binary","required":false}"#,
                    with: #""type":"binary","required":false},{"name":"note","type":"string"}"#)
        }
        let planned = try invoke(#"{"dryRun": true}"#, edit: edit)
        #expect(planned["refused"]?.integer == 1)
        #expect(action(planned, "tables", "sensors_db.readings") == "refused")
        let error = #expect(throws: JobError.self) { try invoke(edit: edit) }
        #expect(error?.code == .bootstrap(.refused))
        #expect(error?.errorType == "Bootstrap.Refused")
        #expect(error?.message.contains("sensors_db.readings: column id: long in the table, int in the") == true)
        let table = Table(
            TableIdentifier(namespace: "sensors_db", name: "readings"), catalog: ingest.lake.catalog,
            store: ingest.lake.store, environment: TemporaryLake.environment)
        #expect(try table.metadata.currentSchema?.fields.map(\.name) == ["id", "name"])
        let letters = Table(
            TableIdentifier(namespace: "lake_db", name: "dead_letters"), catalog: ingest.lake.catalog,
            store: ingest.lake.store, environment: TemporaryLake.environment)
        #expect(try letters.metadata.currentSchema?.field(named: "note") != nil)
    }

    @Test func aFaultOfOneTableStopsNoOther() throws {
        let readings = TableIdentifier(namespace: "sensors_db", name: "readings")
        let catalog = FaultyCatalog(inner: ingest.lake.catalog, table: readings)
        let error = #expect(throws: JobError.self) { try invoke(catalog: catalog) }
        #expect(error?.code == .bootstrap(.failed))
        #expect(error?.message.contains("sensors_db.readings: ") == true)
        let letters = TableIdentifier(namespace: "lake_db", name: "dead_letters")
        #expect(throws: Never.self) { try ingest.lake.catalog.load(letters) }
    }

    @Test func onlyWhatIsMeantIsMade() throws {
        let reply = try invoke(#"{"tables": ["sensors_db.readings"]}"#)
        #expect(reply["created"]?.integer == 2)
        #expect(try ingest.lake.catalog.namespaces() == ["sensors_db"])
    }

    @Test func whatTerraformDestroysLeavesTheTables() throws {
        let reply = try invoke(#"{"tf": {"action": "delete"}}"#)
        #expect(reply["tables"] == .array([]))
        #expect(try ingest.lake.catalog.namespaces() == [])
    }

    @Test func viewsLieBesideTheCatalogAndFollowTheirQuery() throws {
        func views(_ sql: String) -> (String) -> String {
            Self.replacing(
                #""deadLetterTable""#, #""views":[{"name":"sensors_db.v","sql":"\#(sql)"}],"deadLetterTable""#)
        }
        let path = ingest.folder.appending(path: "views/sensors_db.v.sql").path()
        let first = try invoke(edit: views("SELECT id FROM sensors_db.readings"))
        #expect(action(first, "views", "sensors_db.v") == "created")
        #expect(FileManager.default.contents(atPath: path) == Data("SELECT id FROM sensors_db.readings\n".utf8))
        let again = try invoke(edit: views("SELECT id FROM sensors_db.readings"))
        #expect(action(again, "views", "sensors_db.v") == "unchanged")
        let changed = try invoke(edit: views("SELECT name FROM sensors_db.readings"))
        #expect(action(changed, "views", "sensors_db.v") == "evolved")
        #expect(files().filter { $0.hasPrefix("views/") } == ["views/sensors_db.v.sql"])
    }

    @Test func aViewWaitsForTheTablesThatItReads() throws {
        let edit = Self.replacing(
            #""deadLetterTable""#,
            #""views":[{"name":"lake_db.v","sql":"SELECT id FROM sensors_db.readings"},"#
                + #"{"name":"lake_db.w","sql":"SELECT id FROM lake_db.v"}],"deadLetterTable""#)
        let readings = TableIdentifier(namespace: "sensors_db", name: "readings")
        let catalog = FaultyCatalog(inner: ingest.lake.catalog, table: readings)
        #expect(throws: JobError.self) { try invoke(catalog: catalog, edit: edit) }
        #expect(!files().contains { $0.hasPrefix("views/") })
    }

    @Test func aPlainTableIsNotRegisteredHereAndNoIcebergTableBecomesOne() throws {
        let plain = Self.replacing(
            #"{"name":"sensors_db.readings","#, #"{"name":"sensors_db.readings","format":"parquet","#)
        let reply = try invoke(#"{"tables": ["sensors_db.readings"]}"#, edit: plain)
        let table = reply["tables"]?.elements?.first
        #expect(table?["action"]?.string == "unchanged")
        #expect(table?["location"]?.string?.hasSuffix("/sensors_db/readings/data/") == true)
        #expect(table?["notes"]?.elements?.first?.string?.contains("registered in Glue alone") == true)
        _ = try invoke()
        let error = #expect(throws: JobError.self) { try invoke(edit: plain) }
        #expect(error?.message.contains("format cannot change") == true)
    }

    @Test(arguments: ["", "123456789012"])
    func aPlainTableIsRefusedWhereTheWarehouseIsNoPlace(name: String) throws {
        let plain = Self.replacing(
            #"{"name":"sensors_db.readings","#, #"{"name":"sensors_db.readings","format":"parquet","#)
        let event = #"{"tables": ["sensors_db.readings"]}"#
        let error = #expect(throws: JobError.self) { try invoke(event, warehouse: name, edit: plain) }
        #expect(error?.message.contains("no place for plain Parquet files") == true)
        let placed = Self.replacing(
            #""format":"parquet","#, #""format":"parquet","warehouse":"file:///elsewhere","#)
        let reply = try invoke(event, warehouse: name) { placed(plain($0)) }
        #expect(reply["unchanged"]?.integer == 2)
    }

    @Test func aMovedWarehouseIsNotedAndNotFollowed() throws {
        _ = try invoke()
        let moved = Self.replacing(
            #"{"name":"sensors_db.readings","#, #"{"name":"sensors_db.readings","warehouse":"file:///elsewhere","#)
        let reply = try invoke(edit: moved)
        let table = reply["tables"]?.elements?.first { $0["name"]?.string == "sensors_db.readings" }
        #expect(table?["action"]?.string == "unchanged")
        #expect(table?["notes"]?.elements?.first?.string?.contains("file:///elsewhere/sensors_db/readings") == true)
    }
}

/// A catalog of which one table cannot be reached.
private struct FaultyCatalog: Catalog {
    let inner: any Catalog
    let table: TableIdentifier

    private func check(_ table: TableIdentifier) throws(IcebergError) {
        if table == self.table { throw IcebergError(.unavailable, "out of order") }
    }

    func load(_ table: TableIdentifier) throws(IcebergError) -> CatalogEntry {
        try check(table)
        return try inner.load(table)
    }

    func swap(_ table: TableIdentifier, from base: TableVersion, to proposed: TableVersion) -> SwapOutcome {
        inner.swap(table, from: base, to: proposed)
    }

    func create(_ table: TableIdentifier, _ version: TableVersion) throws(IcebergError) {
        try check(table)
        try inner.create(table, version)
    }

    func createNamespace(_ namespace: String, comment: String?) throws(IcebergError) -> Bool {
        try inner.createNamespace(namespace, comment: comment)
    }

    func namespaces() throws(IcebergError) -> [String] { try inner.namespaces() }

    func tables(in namespace: String) throws(IcebergError) -> [TableIdentifier] { try inner.tables(in: namespace) }
}
