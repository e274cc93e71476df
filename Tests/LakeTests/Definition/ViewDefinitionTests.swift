import JSON
import TestSupport
import Testing

@testable import Lake

@Suite struct ViewDefinitionTests {
    private func sample(_ views: String...) -> SampleDefinition {
        SampleDefinition(root: #""views": [\#(views.joined(separator: ", "))]"#)
    }

    @Test func aQueryIsOneTextOrItsLines() throws {
        let definition = try sample(
            #"{"name": "db.a", "sql": "SELECT 1"}"#, #"{"name": "db.b", "doc": "d", "sql": ["SELECT 1,", "  2"]}"#
        ).parsed()
        #expect(definition.views.map(\.sql) == ["SELECT 1", "SELECT 1,\n  2"])
        #expect(definition.views.map(\.doc) == [nil, "d"])
        #expect(definition.views.map(\.identifier.description) == ["db.a", "db.b"])
    }

    @Test(arguments: [
        "SELECT 1", "  select\n1", "With a AS (SELECT 1) SELECT * FROM a", "SELECT ';' AS \"a;b\" /* ; */ -- ;\nFROM t",
        "/* why */ SELECT 'it''s'", "-- why\nSELECT 1", "SELECT'a'",
    ])
    func queriesAreGood(_ text: String) { #expect(ViewQuery.problem(of: text) == nil) }

    @Test(arguments: [
        ("", "must be a query: SELECT …, or WITH … SELECT …"),
        ("INSERT INTO t", "must be a query: SELECT …, or WITH … SELECT …"),
        ("SELECTED", "must be a query: SELECT …, or WITH … SELECT …"),
        ("'SELECT'", "must be a query: SELECT …, or WITH … SELECT …"),
        ("(SELECT 1)", "must be a query: SELECT …, or WITH … SELECT …"),
        ("-- SELECT 1\n", "must be a query: SELECT …, or WITH … SELECT …"),
        ("SELECT 1;", "must be one statement, without a semicolon"),
        ("SELECT 1; DROP TABLE t", "must be one statement, without a semicolon"),
        ("SELECT 'a", "a quote is not closed"), ("SELECT \"a", "a quote is not closed"),
        ("SELECT 'it''s", "a quote is not closed"), ("SELECT 1 /* a", "a comment is not closed"),
        ("SELECT 1 -- a", "ends in a comment, which would hide what follows the query"),
        ("SELECT 1\0", "holds a byte that no query may hold"),
    ])
    func otherTextsAreRefused(_ text: String, _ problem: String) { #expect(ViewQuery.problem(of: text) == problem) }

    @Test func namesBelongToADatabaseAndToNothingElse() {
        let problems = sample(
            #"{"name": "db.t", "sql": "SELECT 1"}"#, #"{"name": "dbb.v", "sql": "SELECT 1"}"#,
            #"{"name": "db.v", "sql": "SELECT 1"}"#, #"{"name": "db.v", "sql": ["SELECT 1", 2]}"#,
            #"{"name": "db.v", "sql": "SELECT 2"}"#
        ).problems()
        #expect(
            problems == [
                "$.views[3].sql[1]: expected a string, not a number",
                "$.views[1].name: there is no database \"dbb\"; did you mean \"db\"?",
                "$.views[0].name: there is a table named \"db.t\", and a view cannot share its name",
                "$.views[4]: there is another view named \"db.v\"",
            ])
    }

    @Test func anyTextIsGoodOrNamed() {
        var numbers = SeededGenerator(seed: 4)
        let parts = ["SELECT", "'", "\"", "--", "/*", "*/", ";", "\n", " ", "a", "\0", "ü", "WITH"]
        for _ in 0..<5000 {
            let text = (0..<Int.random(in: 0...8, using: &numbers)).map { _ in
                parts[Int.random(in: parts.indices, using: &numbers)]
            }.joined()
            let problem = ViewQuery.problem(of: text)
            if problem == nil { #expect(text.contains("SELECT") || text.contains("WITH")) }
        }
    }
}
