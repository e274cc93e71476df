import Foundation
import Iceberg
import JSON
import TestSupport
import Testing

@testable import Catalogs

/// Namespaces that are made before their first table.
@Suite struct NamespaceCreationTests {
    typealias Reply = ScriptedService.Reply

    @Test func sqliteMakesOneWithItsCommentOnce() throws {
        let folder = FileManager.default.temporaryDirectory.path + "/swiftlake-namespace-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let catalog = try SQLiteCatalog(path: folder + "/catalog.db")
        #expect(try catalog.createNamespace("db", comment: "what sensors say"))
        #expect(try !catalog.createNamespace("db", comment: "another"))
        #expect(try catalog.namespaces() == ["db"])
        #expect(try catalog.tables(in: "db") == [])
        let rows = try SQLiteDatabase(path: folder + "/catalog.db", lockTimeoutMs: 100).run(
            "SELECT * FROM iceberg_namespace_properties ORDER BY property_key")
        #expect(rows == [["swiftlake", "db", "comment", "what sensors say"], ["swiftlake", "db", "exists", "true"]])
    }

    @Test func glueMakesOneWithItsDescription() throws {
        let service = ScriptedService([.response(200, ""), .glueError("AlreadyExistsException")])
        let catalog = GlueCatalog(try service.client())
        #expect(try catalog.createNamespace("db", comment: "two\nlines"))
        #expect(try !catalog.createNamespace("db", comment: nil))
        #expect(service.calls == ["CreateDatabase", "CreateDatabase"])
        #expect(
            try service.body(0)["DatabaseInput"]
                == .object([("Name", .string("db")), ("Description", .string("two lines"))]))
        #expect(try service.body(1)["DatabaseInput"] == .object([("Name", .string("db"))]))
    }

    @Test func glueSaysWhyItCannot() throws {
        let catalog = GlueCatalog(try ScriptedService([.glueError("AccessDeniedException")]).client())
        let error = #expect(throws: IcebergError.self) { try catalog.createNamespace("db", comment: nil) }
        #expect(error?.code == .unavailable)
        #expect(throws: IcebergError.self) { try catalog.createNamespace("D b", comment: nil) }
    }

    @Test func restMakesOneWithItsComment() throws {
        let service = ScriptedService([
            .response(200, #"{"defaults":{},"overrides":{"prefix":"lake"}}"#),
            .response(200, #"{"namespace":["db"],"properties":{}}"#), .icebergError(409, "AlreadyExistsException"),
            .icebergError(403, "ForbiddenException"),
        ])
        let catalog = RESTCatalog(
            try service.client(), try RESTCatalogSettings(catalog: "https://host"), nowMs: { service.nowMs })
        #expect(try catalog.createNamespace("db", comment: "c"))
        #expect(
            try service.body(1)
                == .object([
                    ("namespace", .array([.string("db")])), ("properties", .object([("comment", .string("c"))])),
                ]))
        #expect(try !catalog.createNamespace("db", comment: "c"))
        #expect(throws: IcebergError.self) { try catalog.createNamespace("db", comment: "c") }
    }

    @Test(
        arguments: [
            ("https://host?sigv4=glue", true, nil),
            ("https://host?sigv4=glue&warehouse=123456789012", true, "123456789012"),
            ("https://host?sigv4=glue&warehouse=1:s3tablescatalog%2Fb", false, nil), ("https://host", false, nil),
            ("https://host?sigv4=s3tables", false, nil),
        ] as [(String, Bool, String?)])
    func restKnowsWhetherItIsGlue(address: String, isGlue: Bool, account: String?) throws {
        let catalog = RESTCatalog(
            try ScriptedService([]).client(), try RESTCatalogSettings(catalog: address), nowMs: { 0 })
        #expect(catalog.isGlue == isGlue)
        #expect(catalog.glueCatalogID == account)
    }
}
