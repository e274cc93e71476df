internal import Foundation
import Iceberg
import ObjectStores
import Testing

@testable import Lake

@Suite struct CatalogLossTests {
    private func withFolder(_ body: (String) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try write("", to: folder + "/catalog.db")
        try body(folder)
    }

    private func write(_ text: String, to path: String) throws {
        try FileManager.default.createDirectory(
            atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    }

    private func refuse(_ folder: String, catalog: String = "catalog.db", table: String = "") throws {
        try CatalogLoss.refuse(
            "\(folder)/\(catalog)", SampleDefinition(table: table).parsed(), Warehouses("file://\(folder)/w"),
            store: FileObjectStore())
    }

    @Test(arguments: ["catalog.db", "none.db"]) func aTableWithAHistoryNeedsItsCatalog(catalog: String) throws {
        try withFolder { folder in
            try refuse(folder, catalog: catalog)
            try write("{}", to: folder + "/w/db/t/metadata/00001-u.metadata.json")
            let error = #expect(throws: IcebergError.self) { try refuse(folder, catalog: catalog) }
            #expect(error?.code == .alreadyExists)
            #expect(error?.description.contains("db.t") == true)
            #expect(error?.description.contains("\(folder)/\(catalog)") == true)
            #expect(error?.description.contains("file://\(folder)/w/db/t/metadata") == true)
        }
    }

    @Test func aTableThatWasNotRegisteredIsNoHistory() throws {
        try withFolder { folder in
            try write("{}", to: folder + "/w/db/t/metadata/00000-u.metadata.json")
            try write("x", to: folder + "/w/db/t/metadata/00001-u-m0.avro")
            try write("{}", to: folder + "/w/db/other/metadata/00001-u.metadata.json")
            try refuse(folder)
        }
    }

    @Test func aCatalogThatHoldsSomethingIsBelieved() throws {
        try withFolder { folder in
            try write("{}", to: folder + "/w/db/t/metadata/00001-u.metadata.json")
            try write("SQLite", to: folder + "/catalog.db")
            try refuse(folder)
        }
    }

    @Test func metadataThatLiesElsewhereIsFound() throws {
        try withFolder { folder in
            try write("{}", to: folder + "/m/00012-u.metadata.json")
            let property = #""properties": {"write.metadata.path": "file://\#(folder)/m/"}"#
            #expect(throws: IcebergError.self) { try refuse(folder, table: property) }
        }
    }
}
