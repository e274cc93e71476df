import AWS
import JSON
import TestSupport
import Testing

@testable import Catalogs

@Suite struct GlueServiceTests {
    typealias Reply = ScriptedService.Reply

    @Test func readsADatabase() throws {
        let service = ScriptedService([
            .response(200, #"{"Database":{"Name":"db","LocationUri":"s3://x"}}"#), .response(200, "{}"),
            .glueError("EntityNotFoundException"),
        ])
        let glue = Glue(try service.client())
        #expect(try glue.database("db")["LocationUri"]?.string == "s3://x")
        #expect(throws: ServiceError.self) { try glue.database("db") }
        let error = #expect(throws: ServiceError.self) { try glue.database("db") }
        #expect(error?.kind == .notFound)
        #expect(try service.body(0) == .object([("Name", .string("db"))]))
    }

    @Test func deletesATable() throws {
        let service = ScriptedService([.response(200, "{}")])
        try Glue(service.client()).deleteTable("t", in: "db")
        #expect(service.calls == ["DeleteTable"])
        #expect(try service.body(0) == .object([("DatabaseName", .string("db")), ("Name", .string("t"))]))
    }

    private func partitions(_ count: Int) -> [GluePartition] {
        (0..<count).map {
            GluePartition(
                values: ["2026", "\($0)"], storageDescriptor: .object([("Location", .string("s3://lake/\($0)/"))]),
                parameters: ["b": "2", "a": "1"])
        }
    }

    @Test func makesPartitionsAHundredAtATime() throws {
        let failure = #"{"PartitionValues":["2026","7"],"ErrorDetail":{"ErrorCode":"InternalServiceException"}}"#
        let exists = #"{"PartitionValues":["2026","8"],"ErrorDetail":{"ErrorCode":"AlreadyExistsException"}}"#
        let service = ScriptedService([
            .response(200, #"{"Errors":[\#(failure),\#(exists)]}"#), .response(200, "{}"), .response(200, "{}"),
        ])
        let failures = try Glue(service.client(), catalogID: "1").createPartitions(partitions(201), of: "t", in: "db")
        #expect(
            failures == [
                GluePartitionFailure(values: ["2026", "7"], code: "InternalServiceException", message: "")
            ])
        #expect(service.calls == Array(repeating: "BatchCreatePartition", count: 3))
        let counts = try (0..<3).map { try service.body($0)["PartitionInputList"]?.elements?.count }
        #expect(counts == [100, 100, 1])
        #expect(
            try service.body(2)["PartitionInputList"]?.elements?[0]
                == .object([
                    ("Values", .array([.string("2026"), .string("200")])),
                    ("StorageDescriptor", .object([("Location", .string("s3://lake/200/"))])),
                    ("Parameters", .object([("a", .string("1")), ("b", .string("2"))])),
                ]))
    }

    @Test func listsPartitionsOfAllPages() throws {
        let service = ScriptedService([
            .response(
                200,
                #"{"Partitions":[{"Values":["2026","0"],"StorageDescriptor":{"Location":"s3://lake/0/"},"#
                    + #""Parameters":{"a":"1","b":"2"}},{"Values":[7]},{}],"NextToken":"more"}"#),
            .response(200, #"{"Partitions":[]}"#),
        ])
        let found = try Glue(service.client()).partitions(of: "t", in: "db", where: "year = '2026'")
        #expect(found == partitions(1))
        #expect(try service.body(0)["Expression"]?.string == "year = '2026'")
        #expect(try service.body(0)["MaxResults"]?.integer == 1000)
        #expect(try service.body(1)["NextToken"]?.string == "more")
    }

    /// Whatever Glue sends, reading it ends with a value or a typed error.
    @Test func survivesMutations() throws {
        let base = try SampleTable.empty()
        let table = try GlueTableInputTests.existing(base.location).value
        let seeds = [
            JSONValue.object([("Table", table)]).serialized(),
            JSONValue.object([("TableList", .array([table])), ("NextToken", .string("x"))]).serialized(),
        ]
        var generator = SeededGenerator(seed: 23)
        for round in 0..<2000 {
            var text = seeds[round % 2]
            for _ in 0..<Int.random(in: 1...3, using: &generator) where !text.isEmpty {
                let index = Int.random(in: 0..<text.count, using: &generator)
                switch Int.random(in: 0..<4, using: &generator) {
                case 0: text[index] = UInt8.random(in: 0...255, using: &generator)
                case 1: text.remove(at: index)
                case 2: text.insert(UInt8(ascii: "["), at: index)
                default: text.removeSubrange(index...)
                }
            }
            guard let value = try? JSONValue(parsing: text) else { continue }
            for table in [value["Table"], value["TableList"]?.elements?.first].compactMap({ $0 }).compactMap(
                GlueTable.init)
            {
                let swap = GlueSwap(table: SampleTable.identifier, base: base, proposed: base)
                _ = swap.action(on: table)
                let input = GlueTableInput.update(table, from: base, to: base)
                #expect((try? JSONValue(parsing: input.serialized())) == input)
            }
        }
    }
}
