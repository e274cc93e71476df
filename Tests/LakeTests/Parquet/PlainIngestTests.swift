internal import Foundation
import Iceberg
@testable import Lake
import LambdaRuntime
import Testing

@Suite("Ingest into plain Parquet tables")
struct PlainIngestTests {
    private static func lake(onBadRecord: String = "dead-letter") throws -> TemporaryLake {
        try TemporaryLake(
            onBadRecord: onBadRecord,
            edit: {
                $0.replacing(
                    "\"columns\":[{\"name\":\"id\",\"type\":\"long\"},{\"name\":\"name\",\"type\":\"string\"}]",
                    with: "\"format\":\"parquet\",\"partition\":[\"name\"],\"columns\":["
                        + "{\"name\":\"id\",\"type\":\"long\"},{\"name\":\"name\",\"type\":\"string\"}]")
            })
    }

    private static func payloads(_ names: [String?]) -> [String] {
        names.enumerated().map { number, name in "{\"id\":\(number),\"name\":\(name.map { "\"\($0)\"" } ?? "null")}" }
    }

    /// The files by folder, as the ranges in their names.
    private static func files(_ lake: TemporaryLake) throws -> [String: [String]] {
        let root = "file://" + lake.folder.appending(path: "warehouse/sensors_db/readings/data").path()
        var found: [String: [String]] = [:]
        for file in try lake.lake.store.list(root + "/") {
            let parts = file.location.dropFirst(root.count + 1).split(separator: "/").map(String.init)
            let numbers = parts[1].dropLast(".parquet".count).split(separator: "-").suffix(2)
            found[parts[0], default: []].append(
                numbers.map { String($0.drop { $0 == "0" }) }.joined(separator: "-"))
        }
        return found.mapValues { $0.sorted() }
    }

    @Test func filesGoToTheFoldersOfTheirPartitions() throws {
        let lake = try Self.lake()
        #expect(try lake.ingest(TemporaryLake.event(Self.payloads(["a", "b/c", nil, "a", ""]))) == nil)
        #expect(
            try Self.files(lake) == [
                "name=a": ["1-4"], "name=b%2Fc": ["2-2"], "name=__HIVE_DEFAULT_PARTITION__": ["3-5"],
            ])
    }

    @Test func aReplayAddsNothingAndAnotherCutWhatIsMissing() throws {
        let lake = try Self.lake()
        let names = ["a", "a", "b", "a", "b", "a"]
        let all = Self.payloads(names)
        #expect(try lake.ingest(TemporaryLake.event(Array(all[2..<4]), first: 3)) == nil)
        for _ in 0..<2 {
            #expect(try lake.ingest(TemporaryLake.event(all)) == nil)
            #expect(try Self.files(lake) == ["name=a": ["1-2", "4-4", "6-6"], "name=b": ["3-3", "5-5"]])
        }
    }

    /// `String` calls these equal; Hive, S3 and Glue do not.
    @Test func equivalentTextsHaveFoldersOfTheirOwn() throws {
        let lake = try Self.lake()
        let event = TemporaryLake.event(Self.payloads(["\u{E9}", "e\u{301}", "\u{E9}"]))
        for _ in 0..<2 { #expect(try lake.ingest(event) == nil) }
        let root = lake.folder.appending(path: "warehouse/sensors_db/readings/data").path()
        let files = try lake.lake.store.list("file://" + root + "/").map { Array($0.location.utf8) }
        #expect(Set(files).count == 2)
    }

    /// Behind U+0600, `String` sees no slash of its own; the folder's files must be found all the same.
    @Test func aFoldersNameMayEndInACharacterThatJoinsTheNext() throws {
        let lake = try Self.lake()
        let all = Self.payloads(["a\u{600}", "a\u{600}", "a\u{600}"])
        #expect(try lake.ingest(TemporaryLake.event(Array(all[1...1]), first: 2)) == nil)
        for _ in 0..<2 { #expect(try lake.ingest(TemporaryLake.event(all)) == nil) }
        let root = lake.folder.appending(path: "warehouse/sensors_db/readings/data").path()
        let files = try lake.lake.store.list("file://" + root + "/").map(\.location)
        #expect(files.count == 3, "1, 2 and 3 each once, and not 1 to 3 beside 2")
    }

    /// Whatever of a batch was put before a fault, the retry adds the rest.
    @Test(arguments: [
        [FailingStore.Fault.fails], [.done, .fails], [.unknownButDone], [.done, .unknownButDone, .fails],
    ])
    func aFaultOfTheStoreLosesAndDoublesNothing(script: [FailingStore.Fault]) throws {
        let lake = try Self.lake()
        let store = FailingStore()
        lake.handler = KinesisIngest(
            lake: Lake(
                lake.lake.definition, catalog: lake.lake.catalog, store: store,
                warehouse: "file://" + lake.folder.appending(path: "warehouse").path(), createsTables: true,
                environment: TemporaryLake.environment), TemporaryLake.initContext)
        let event = TemporaryLake.event(Self.payloads(["a", "b", "c", "a"]))
        store.script = script
        #expect(try lake.ingest(event) == "1", "all of it must come again")
        store.failingLists = 1
        #expect(try lake.ingest(event) == "1")
        for _ in 0..<2 { #expect(try lake.ingest(event) == nil) }
        #expect(try Self.files(lake) == ["name=a": ["1-4"], "name=b": ["2-2"], "name=c": ["3-3"]])
    }

    @Test func shardsHaveFilesOfTheirOwn() throws {
        let lake = try Self.lake()
        for shard in ["shardId-000000000000", "shardId-000000000001"] {
            #expect(try lake.ingest(TemporaryLake.event(Self.payloads(["a", "a"]), shard: shard)) == nil)
        }
        #expect(try Self.files(lake) == ["name=a": ["1-2", "1-2"]])
    }

    @Test func badRecordsGoToTheDeadLetterTableOnce() throws {
        let lake = try Self.lake()
        let event = TemporaryLake.event(
            ["{\"id\":1,\"name\":\"a\"}", "no", "{\"id\":1,\"name\":\"\(String(repeating: "x", count: 251))\"}"])
        for _ in 0..<2 { #expect(try lake.ingest(event) == nil) }
        #expect(try lake.rows("lake_db.dead_letters") == 2, "no folder has so long a name")
        #expect(try Self.files(lake) == ["name=a": ["1-1"]])
        // The longest that fits.
        let longest = String(repeating: "x", count: 250)
        #expect(try lake.ingest(TemporaryLake.event(["{\"id\":1,\"name\":\"\(longest)\"}"], first: 9)) == nil)
        #expect(try Self.files(lake)["name=\(longest)"] == ["9-9"])
    }

    @Test func stopsAtABadRecordWhereTheDefinitionSaysSo() throws {
        let lake = try Self.lake(onBadRecord: "fail")
        let event = TemporaryLake.event(["{\"id\":1,\"name\":\"a\"}", "no", "{\"id\":2,\"name\":\"a\"}"])
        for _ in 0..<2 { #expect(try lake.ingest(event) == "2") }
        #expect(try Self.files(lake) == ["name=a": ["1-1"]])
    }

    @Test func stopsAtTheDeadline() throws {
        let lake = try Self.lake()
        lake.timeMs = 0
        #expect(try lake.ingest(TemporaryLake.event(Self.payloads(["a"]))) == "1")
        #expect(try Self.files(lake) == [:])
    }

    @Test func aTableWithoutPartitionsIsOneFolder() throws {
        let lake = try TemporaryLake(edit: {
            $0.replacing(
                "\"columns\":[{\"name\":\"id\",\"type\":\"long\"}",
                with: "\"format\":\"parquet\",\"columns\":[{\"name\":\"id\",\"type\":\"long\"}")
        })
        for _ in 0..<2 { #expect(try lake.ingest(TemporaryLake.event(Self.payloads(["a", "b"]))) == nil) }
        let files = try lake.lake.store.list(
            "file://" + lake.folder.appending(path: "warehouse/sensors_db/readings/data/readings-shardId-").path())
        #expect(files.count == 1)
    }
}
