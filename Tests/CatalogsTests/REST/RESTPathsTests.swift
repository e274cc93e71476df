import Iceberg
import Testing

@testable import Catalogs

@Suite struct RESTPathsTests {
    private let table = TableIdentifier(namespace: "db", name: "t")

    @Test(
        arguments: [
            ([:], "/v1/namespaces/db/tables/t"), (["prefix": ""], "/v1/namespaces/db/tables/t"),
            (["prefix": "lake"], "/v1/lake/namespaces/db/tables/t"),
            (["prefix": "/catalogs/123/"], "/v1/catalogs/123/namespaces/db/tables/t"),
            (["prefix": "arn%3Aaws%2Fx"], "/v1/arn%3Aaws%2Fx/namespaces/db/tables/t"),
            (["prefix": "ä b?c#d"], "/v1/%C3%A4%20b%3Fc%23d/namespaces/db/tables/t"),
        ] as [([String: String], String)])
    func prefixStandsAsTheServerGaveIt(configuration: [String: String], path: String) throws {
        #expect(try RESTPaths(configuration).table(table) == path)
    }

    @Test func levelsAreSeparatedAsTheServerWants() throws {
        let deep = TableIdentifier(namespace: "a.b c", name: "t/ü")
        #expect(try RESTPaths([:]).table(deep) == "/v1/namespaces/a%1Fb%20c/tables/t%2F%C3%BC")
        #expect(
            try RESTPaths(["namespace-separator": "%2E"]).table(deep) == "/v1/namespaces/a.b%20c/tables/t%2F%C3%BC")
        #expect(try RESTPaths(["namespace-separator": "%"]).tables(in: "a.b") == "/v1/namespaces/a%1Fb/tables")
    }

    @Test(arguments: [("", "t"), ("a..b", "t"), (".", "t"), ("db", ""), ("db", "."), ("db", "..")])
    func refusesNamesThatWouldBeAnotherPath(namespace: String, name: String) {
        let error = #expect(throws: IcebergError.self) {
            try RESTPaths([:]).table(TableIdentifier(namespace: namespace, name: name))
        }
        #expect(error?.code == .invalid)
    }
}
