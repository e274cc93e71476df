import Foundation
import Testing

@testable import swiftlake

@Suite struct LakeScriptTests {
    /// A lake without tables, in a folder that is removed when it is done with.
    private func withLake(_ work: (LakePlace, URL) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "swiftlake-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let definition = folder.appending(path: "lake.json")
        try Data(Self.definition.utf8).write(to: definition)
        let place = try LakePlace(
            folder: folder.path(), environment: ["LAKE_DEFINITION": definition.path()], currentDirectory: "/",
            executableDirectory: "/")
        // The catalog's file is made by whoever opens it first.
        try Data().write(to: folder.appending(path: "catalog.db"))
        try work(place, folder)
    }

    private static let definition = """
        {"databases": [{"name": "db"}], "streams": [],
         "tables": [{"name": "db.plain", "format": "parquet", "partition": ["at"], "columns": [
           {"name": "id", "type": "long"}, {"name": "at", "type": "timestamp", "timeFormat": "yyyy-MM-dd HH"}]}]}
        """

    private func write(_ text: String, _ name: String, _ folder: URL) throws {
        let file = folder.appending(path: name)
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: file)
    }

    @Test func viewsComeAfterThoseTheyRead() throws {
        try withLake { place, folder in
            try write("SELECT * FROM db.b\n", "views/db.a.sql", folder)
            try write("SELECT 'it''s' AS c\n\n", "views/db.b.sql", folder)
            try write("half a", "views/db.c.sql.tmp", folder)
            let stored = try StoredViews(place)
            #expect(stored.views.map(\.identifier.description) == ["db.a", "db.b"])
            #expect(try stored.view(named: "db.b").sql == "SELECT 'it''s' AS c")
            let error = #expect(throws: CommandFailure.self) { try stored.view(named: "db.c") }
            #expect(error?.description.contains("It has db.a, db.b.") == true)
            let text = try LakeScript(place).text
            let first = try #require(text.range(of: #"CREATE OR REPLACE VIEW "db"."b" AS "#))
            let second = try #require(text.range(of: #"CREATE OR REPLACE VIEW "db"."a" AS "#))
            #expect(first.lowerBound < second.lowerBound)
            #expect(text.contains(#"CREATE SCHEMA IF NOT EXISTS "db";"#) && !text.contains("httpfs"))
        }
    }

    @Test func aPlainTableIsReadFromItsFolderOnceItHasAFile() throws {
        try withLake { place, folder in
            let empty = try LakeScript(place).text
            #expect(
                empty.contains(
                    #""db"."plain" AS SELECT CAST(NULL AS BIGINT) AS "id", CAST(NULL AS TIMESTAMP) AS "at" WHERE false;"#
                ))
            try write("", "warehouse/db/plain/data/at=2026-01-05 10/x.parquet", folder)
            let text = try LakeScript(place).text
            #expect(text.contains("FROM read_parquet('\(folder.path())/warehouse/db/plain/**/*.parquet'"))
            #expect(text.contains("hive_types = {'at': VARCHAR}"))
        }
    }

    @Test func aLakeWithoutViewsSaysSo() throws {
        try withLake { place, _ in
            let stored = try StoredViews(place)
            #expect(stored.views.isEmpty)
            let error = #expect(throws: CommandFailure.self) { try stored.view(named: "db.v") }
            #expect(error?.description.contains("bootstrap-tables") == true)
        }
    }
}
