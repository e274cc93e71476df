import JSON
import Testing

@testable import Iceberg

@Suite struct SourceOffsetTests {
    static let kinesis = "49590338271490256608559692538361571095921575989136588898"

    @Test func comparesByValueWhateverTheLength() throws {
        let texts = [
            "0", "9", "10", "99", "9223372036854775807", "18446744073709551616", Self.kinesis, "1" + Self.kinesis,
        ]
        let offsets = try texts.map { text throws(IcebergError) in try SourceOffset(parsing: text) }
        for (index, offset) in offsets.enumerated() {
            for (other, another) in offsets.enumerated() {
                #expect((offset < another) == (index < other))
                #expect((offset == another) == (index == other))
            }
        }
        #expect(SourceOffset(UInt64.max).description == "18446744073709551615")
        #expect(try SourceOffset(parsing: "7") == SourceOffset(7))
    }

    @Test(arguments: [
        "", "00", "01", "-1", "+1", " 1", "1 ", "1.0", "1e3", "0x1", "٣", "latest", String(repeating: "9", count: 129),
    ])
    func refusesWhatIsNoDecimalNumber(text: String) {
        let error = #expect(throws: IcebergError.self) { try SourceOffset(parsing: text) }
        #expect(error?.code == .malformed)
    }
}

@Suite struct WatermarksTests {
    static func mark(_ previous: UInt64?, _ first: UInt64, _ last: UInt64, _ timestampMs: Int64 = 100) -> Watermark {
        Watermark(
            previous: previous.map(SourceOffset.init), first: SourceOffset(first), last: SourceOffset(last),
            maximumTimestampMs: timestampMs)
    }

    static func range(_ first: UInt64, _ last: UInt64, _ timestampMs: Int64 = 100) -> OffsetRange {
        OffsetRange(first: SourceOffset(first), last: SourceOffset(last), maximumTimestampMs: timestampMs)
    }

    @Test func decidesWhatARecordIs() throws {
        let marks = Watermarks(source: "s", shards: ["a": Self.mark(nil, 1, 10)])
        #expect(marks.decide(shard: "a", offset: SourceOffset(11), timestampMs: 5) == .new)
        #expect(marks.decide(shard: "a", offset: SourceOffset(10), timestampMs: 100) == .replay)
        #expect(marks.decide(shard: "a", offset: SourceOffset(10), timestampMs: 101) == .recreatedSource)
        #expect(marks.decide(shard: "b", offset: SourceOffset(1), timestampMs: 500) == .new)
        let error = #expect(throws: IcebergError.self) {
            try marks.admits(shard: "a", offset: SourceOffset(2), timestampMs: 101)
        }
        #expect(error?.code == .staleOffsets)
        #expect(error?.description.contains("shard a") == true)
        #expect(try marks.admits(shard: "a", offset: SourceOffset(11), timestampMs: 1))
        #expect(try !marks.admits(shard: "a", offset: SourceOffset(9), timestampMs: 1))
    }

    @Test func advanceChainsPreviousFirstAndLast() throws {
        var marks = Watermarks(source: "s")
        marks = try marks.advanced(by: ["a": Self.range(1, 5, 200), "b": Self.range(7, 7)])
        #expect(marks.shards["a"] == Self.mark(nil, 1, 5, 200))
        marks = try marks.advanced(by: ["a": Self.range(6, 9, 150)])
        #expect(marks.shards["a"] == Self.mark(5, 6, 9, 200), "the largest timestamp never falls")
        #expect(marks.shards["b"] == Self.mark(nil, 7, 7))
        #expect(marks.cover(["a": Self.range(1, 9), "b": Self.range(7, 7)]))
        #expect(!marks.cover(["a": Self.range(9, 10)]))
        #expect(!marks.cover(["c": Self.range(1, 1)]))
    }

    @Test func advanceRefusesOverlapAndDisorder() throws {
        let marks = Watermarks(source: "s", shards: ["a": Self.mark(nil, 1, 10)])
        let overlap = #expect(throws: IcebergError.self) { try marks.advanced(by: ["a": Self.range(10, 12)]) }
        #expect(overlap?.code == .staleOffsets)
        let disorder = #expect(throws: IcebergError.self) { try marks.advanced(by: ["a": Self.range(12, 11)]) }
        #expect(disorder?.code == .invalid)
    }

    @Test func prunesClosedShardsButNotThoseThatMove() {
        let marks = Watermarks(
            source: "s",
            shards: ["old": Self.mark(nil, 1, 1, 5), "new": Self.mark(nil, 1, 1, 50), "moves": Self.mark(nil, 1, 1, 5)])
        #expect(marks.pruned(olderThan: 40, keeping: ["moves"]).shards.keys.sorted() == ["moves", "new"])
    }

    @Test func survivesTheRoundTripThroughJSON() throws {
        let long = try SourceOffset(parsing: SourceOffsetTests.kinesis)
        let marks = Watermarks(
            source: "arn",
            shards: [
                "shardId-000000000000": Watermark(
                    previous: SourceOffset(1), first: SourceOffset(2), last: long, maximumTimestampMs: .max),
                "a \"quoted\"\n ü": Self.mark(nil, 0, 0, .min),
            ])
        #expect(try Watermarks(source: "arn", parsing: marks.serialized()) == marks)
        #expect(Watermarks(source: "x").serialized() == "{}")
        #expect(
            Watermarks(source: "x", shards: ["b": Self.mark(1, 2, 3, 4), "a": Self.mark(nil, 1, 1, 1)]).serialized()
                == #"{"a":[null,"1","1",1],"b":["1","2","3",4]}"#)
    }

    @Test(arguments: [
        "", "[]", "null", "{", #"{"a":1}"#, #"{"a":["1","2","3"]}"#, #"{"a":[1,"2","3",4]}"#,
        #"{"a":["1","2","3","4"]}"#,
        #"{"a":["x","2","3",4]}"#, #"{"a":["1","2","03",4]}"#, #"{"a":["1","4","3",4]}"#, #"{"a":["2","2","3",4]}"#,
        #"{"a":[null,null,"3",4]}"#, #"{"a":["1","2","3",4],"a":["1","2","3",4]}"#, #"{"a":["1","2","3",4.5]}"#,
    ])
    func refusesDamageInsteadOfForgetting(text: String) {
        let error = #expect(throws: IcebergError.self) { try Watermarks(source: "s", parsing: text) }
        #expect(error?.code == .malformed)
        #expect(error?.description.hasPrefix("swiftlake.offsets.s: ") == true)
    }

    @Test func survivesAnyMutationOfItsText() throws {
        var random = SeededRandom(state: 11)
        let text = Array(
            Watermarks(source: "s", shards: ["a": Self.mark(1, 2, 3, 4), "b": Self.mark(nil, 5, 6, 7)]).serialized()
                .utf8)
        for _ in 0..<3000 {
            var bytes = text
            for _ in 0...Int(random.next() % 3) {
                bytes[Int(random.next() % UInt64(bytes.count))] = UInt8(truncatingIfNeeded: random.next())
            }
            if random.next() % 3 == 0 { bytes.removeLast(Int(random.next() % UInt64(bytes.count))) }
            let mutated = String(decoding: bytes, as: UTF8.self)
            guard let marks = try? Watermarks(source: "s", parsing: mutated) else { continue }
            #expect(try Watermarks(source: "s", parsing: marks.serialized()) == marks)
        }
    }

    /// A table whose property says that offset 9 is in, with snapshots whose ids are their sequence numbers.
    static func table(_ snapshots: [(id: Int64, parent: Int64?, offsets: String?)]) -> TableMetadata {
        var metadata = TableMetadata(
            tableUUID: "u", location: "file:///t", schema: Schema(schemaID: 0, fields: []),
            partitionSpec: PartitionSpec(specID: 0, fields: []), sortOrder: .unsorted,
            properties: ["swiftlake.offsets.s": #"{"a":[null,"1","9",1]}"#], lastColumnID: 0, nowMs: 0)
        for (id, parent, offsets) in snapshots {
            metadata.snapshots.append(
                Snapshot(
                    snapshotID: id, parentSnapshotID: parent, sequenceNumber: id, timestampMs: id, manifestList: "l",
                    summary: .init(operation: "append", properties: offsets.map { ["swiftlake.offsets.s": $0] } ?? [:]),
                    schemaID: 0))
        }
        metadata.currentSnapshotID = snapshots.last?.id
        return metadata
    }

    @Test(
        arguments: [
            // An engine that keeps the expired parent's id, and one that takes it away.
            ([(8, 7, nil)], 9), ([(8, nil, nil)], 9), ([(7, nil, nil), (8, 7, nil)], 9),
            // Rolled back to before the first offsets, or never had any: the first snapshot is still there.
            ([(1, nil, nil)], nil), ([(1, nil, nil), (2, 1, nil)], nil), ([], nil),
            // Replaced by another engine: the old snapshots have the offsets, and are no ancestors.
            ([(7, 6, #"{"a":[null,"1","9",1]}"#), (8, nil, nil)], nil),
        ] as [([(id: Int64, parent: Int64?, offsets: String?)], UInt64?)])
    func trustsTheMirrorOnlyWhereAncestorsHaveExpired(
        _ snapshots: [(id: Int64, parent: Int64?, offsets: String?)], _ last: UInt64?
    ) throws {
        let found = try Watermarks(of: "s", in: Self.table(snapshots)).shards["a"]?.last
        #expect(found == last.map { SourceOffset($0) })
        #expect(InheritedSummary.of(Self.table(snapshots)).isEmpty == (last == nil))
    }

    @Test func trustsTheNearestAncestor() throws {
        var metadata = Self.table([
            (1, nil, #"{"a":[null,"1","3",1]}"#), (2, 1, #"{"a":["3","4","5",1]}"#), (4, 1, #"{"a":["3","4","8",1]}"#),
            (3, 2, nil),
        ])
        #expect(try Watermarks(of: "other", in: metadata).shards == [:])
        #expect(try Watermarks(of: "s", in: metadata).shards["a"]?.last == SourceOffset(5))
        metadata.currentSnapshotID = 1
        #expect(try Watermarks(of: "s", in: metadata).shards["a"]?.last == SourceOffset(3), "a rollback goes back")
        metadata.snapshots[1].summary.properties["swiftlake.offsets.s"] = "?"
        metadata.currentSnapshotID = 3
        #expect(throws: IcebergError.self) { try Watermarks(of: "s", in: metadata) }
    }

    @Test func aCircleOfParentsEnds() {
        var metadata = TableMetadata(
            tableUUID: "u", location: "file:///t", schema: Schema(schemaID: 0, fields: []),
            partitionSpec: PartitionSpec(specID: 0, fields: []), sortOrder: .unsorted, properties: [:],
            lastColumnID: 0, nowMs: 0)
        for (id, parent) in [(Int64(1), Int64(2)), (2, 1)] {
            metadata.snapshots.append(
                Snapshot(
                    snapshotID: id, parentSnapshotID: parent, sequenceNumber: id, timestampMs: id, manifestList: "l",
                    summary: .init(operation: "append"), schemaID: 0))
        }
        metadata.currentSnapshotID = 1
        #expect(metadata.ancestry.count == 2)
    }
}
