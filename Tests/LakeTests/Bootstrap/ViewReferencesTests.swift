import Iceberg
import Testing

@testable import Lake

@Suite struct ViewReferencesTests {
    private func lake(_ sql: String, columns: String? = nil, base: String = "SELECT 1") throws -> LakeDefinition {
        var sample = SampleDefinition(
            root: """
                "views": [{"name": "db.v", "sql": "\(sql)"}, {"name": "db.base", "sql": "\(base)"}]
                """)
        if let columns { sample.columns = columns }
        return try sample.parsed()
    }

    @Test(
        arguments: [
            ("SELECT id FROM db.t", ["db.t"]), ("SELECT id FROM DB.T JOIN db.base USING (id)", ["db.t", "db.base"]),
            (#"SELECT id FROM \"db\".\"t\""#, ["db.t"]), ("SELECT 1 FROM db.tt, mydb.t, db.t_1", []),
            ("SELECT db.v.id FROM db.v", []),
        ])
    func findsWhatAQueryReads(sql: String, tables: [String]) throws {
        let lake = try lake(sql)
        #expect(try #require(lake.views.first).references(in: lake).map(\.description) == tables)
    }

    @Test func theFingerprintFollowsQueryColumnsAndViewsThatAreRead() throws {
        func print(_ lake: LakeDefinition) throws -> String {
            try #require(lake.views.first).fingerprint(in: lake)
        }
        let sql = "SELECT id FROM db.t, db.base"
        let first = try print(lake(sql))
        #expect(first.utf8.count == 64)
        #expect(try print(lake(sql)) == first)
        #expect(try print(lake(sql + " ")) != first)
        #expect(try print(lake(sql, base: "SELECT 2")) != first)
        let wide =
            #"[{"name": "id", "type": "long"}, {"name": "at", "type": "timestamp"}, {"name": "c", "type": "double"}]"#
        #expect(try print(lake(sql, columns: wide)) != first)
        #expect(try print(lake("SELECT 1", columns: wide)) == print(lake("SELECT 1")))
    }
}
