import Iceberg
import JSON
import LambdaRuntime
import TestSupport
import Testing

@testable import Lake

@Suite struct UpkeepOptionsTests {
    private func options(_ text: String) throws -> UpkeepOptions { try options(Array(text.utf8)) }
    private func options(_ bytes: [UInt8]) throws -> UpkeepOptions {
        try UpkeepOptions(JSONEvent(EventBuffer(bytes)), requestID: "request")
    }

    @Test func hasADefaultForEverything() throws {
        let event = #"{"id":"e","source":"aws.events","detail-type":"Scheduled Event","detail":{}}"#
        for (text, run) in [("{}", "request"), (event, "e")] {
            let options = try options(text)
            #expect(options.run == run && options.engine == nil && options.databases == nil && options.tables == nil)
            #expect(options.maximumRuns == 20 && options.parallel == 4 && options.vacuums && options.hop == 0)
        }
    }

    @Test func readsEveryOption() throws {
        let options = try options(
            #"{"executionId":"w","engine":"athena","databases":["a"],"tables":["a.b","a.c.d"],"maximumRuns":7,"parallel":2,"vacuum":false}"#
        )
        #expect(options.run == "w" && options.engine == .athena && options.databases == ["a"] && !options.vacuums)
        #expect(
            options.tables == [
                TableIdentifier(namespace: "a", name: "b"), TableIdentifier(namespace: "a", name: "c.d"),
            ])
        #expect(options.maximumRuns == 7 && options.parallel == 2)
    }

    @Test(arguments: [
        (#"{"engine":"spark"}"#, "engine"), (#"{"engine":7}"#, "engine"), (#"{"databases":"a"}"#, "databases"),
        (#"{"databases":[1]}"#, "databases[0]"), (#"{"tables":["a"]}"#, "tables[0]"),
        (#"{"tables":[".a"]}"#, "tables[0]"),
        (#"{"tables":["a."]}"#, "tables[0]"), (#"{"maximumRuns":0}"#, "maximumRuns"),
        (#"{"maximumRuns":1e9}"#, "maximumRuns"),
        (#"{"parallel":51}"#, "parallel"), (#"{"vacuum":"no"}"#, "vacuum"),
        (#"{"engine":"native","vacuum":false}"#, "vacuum"),
        (#"{"continuation":{}}"#, "continuation"), (#"{"continuation":{"hop":-1,"tables":[]}}"#, "continuation"),
        (#"{"continuation":{"hop":1,"tables":[{"table":"t"}]}}"#, "continuation"),
        (
            #"{"continuation":{"hop":1,"tables":[{"database":"d","table":"t","startedMs":1,"statement":"drop"}]}}"#,
            "continuation"
        ),
        (
            #"{"continuation":{"hop":1,"tables":[{"database":"d","table":"t","startedMs":1,"statement":"vacuum","rounds":9223372036854775807}]}}"#,
            "continuation"
        ), (#"{"Records":[]}"#, "Records"),
    ])
    func refusesOtherValues(_ text: String, _ path: String) {
        let error = #expect(throws: EventError.self) { try options(text) }
        #expect(error?.path == path, "\(error as Any)")
    }

    @Test func handsOnWhatIsLeft() throws {
        var first = try options(#"{"executionId":"w","databases":["a"],"maximumRuns":7,"parallel":2,"vacuum":true}"#)
        var progress = TableUpkeep.Progress()
        progress.statement = .vacuum
        progress.execution = "e-1"
        progress.runs = [.optimize: 3, .vacuum: 1]
        progress.rounds = 2
        progress.conflicts = 1
        progress.repeats = 1
        progress.scannedBytes = 1 << 40
        progress.athenaMs = 77
        progress.startedMs = 1_700_000_000_000
        progress.before = TableSize(files: 5, bytes: nil, snapshots: 9)
        progress.failure = "OPTIMIZE still had \"work\""
        let left = [
            UpkeepOptions.Continuation.Left(
                table: TableIdentifier(namespace: "a", name: "'; drop"), progress: progress),
            .init(table: TableIdentifier(namespace: "a", name: "b"), progress: .init()),
        ]
        for hop in 1...3 {
            let event = first.event(handingOn: left, engine: .athena)
            let next = try options(event)
            #expect(next.continuation == .init(hop: hop, tables: left))
            #expect(next.run == "w" && next.engine == .athena && next.maximumRuns == 7 && next.parallel == 2)
            first = next
        }
    }

    @Test func survivesMutations() throws {
        let sample = try options(#"{"executionId":"w"}"#).event(
            handingOn: [
                .init(table: TableIdentifier(namespace: "a", name: "b"), progress: .init()),
                .init(
                    table: TableIdentifier(namespace: "a", name: "c"),
                    progress: {
                        var progress = TableUpkeep.Progress(); progress.startedMs = 5; return progress
                    }()),
            ], engine: .athena)
        var random = SeededGenerator(seed: 3)
        for _ in 0..<10_000 {
            var bytes = sample
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                bytes[Int.random(in: bytes.indices, using: &random)] = UInt8.random(in: 0x20...0x7E, using: &random)
            }
            _ = try? options(bytes)
        }
    }
}
