import TestSupport
import Testing

@testable import Iceberg

/// Several writers of the same shards, in random order, with replays that are cut differently, lost answers and
/// failures: at the end each offset is there exactly once, and the chain of watermarks has no gap.
@Suite struct ConcurrentWritersTests {
    @Test(arguments: 1...12) func takeEachOffsetOnce(seed: Int) throws {
        var random = SeededGenerator(seed: UInt64(seed))
        let lake = try LakeInMemory(properties: [
            "commit.retry.num-retries": "50", "commit.retry.min-wait-ms": "0", "swiftlake.delete.min-age-ms": "0",
            "swiftlake.snapshots.max": "5", "commit.manifest.min-count-to-merge": "4",
            "write.metadata.previous-versions-max": "60",
        ])
        let shards = ["a", "b", "c"]
        let target: UInt64 = 40
        // Each writer's own idea of how far a shard has come: invocations are sent again from there, cut anew.
        var writers = (0..<4).map { _ in (table: lake.writer(), positions: [String: UInt64]()) }
        lake.catalog.interfere = { [unowned lake] in
            let script = lake.catalog.script
            lake.catalog.script = []
            let other = lake.writer()
            let shard = shards[Int(random.next() % 3)]
            if let range = try? Self.rest(of: shard, after: other, target, &random),
                let append = try? lake.append(other, shard: shard, range)
            {
                _ = try? other.append(append)
            }
            lake.catalog.script = script
        }
        for _ in 0..<400 {
            let index = Int(random.next() % 4)
            let shard = shards[Int(random.next() % 3)]
            let table = writers[index].table
            // A replay starts anywhere below where the writer is; records at or below the watermark are filtered.
            let position = writers[index].positions[shard] ?? 0
            let start = position == 0 ? 1 : position - random.next() % min(position, 5)
            let end = min(target, start + random.next() % 6)
            let marks = try table.watermarks(of: LakeInMemory.source)
            let wanted = (start...end).filter {
                marks.decide(shard: shard, offset: SourceOffset($0), timestampMs: Int64($0)) == .new
            }
            writers[index].positions[shard] = end
            // A shard is delivered in order: an invocation never starts above the next offset.
            guard let first = wanted.first, let last = wanted.last,
                first == (marks.shards[shard].flatMap { UInt64($0.last.description) } ?? 0) + 1
            else { continue }
            let append = try lake.append(table, shard: shard, first...last)
            let steps: [ScriptedCatalog.Step] = [
                .succeeds, .succeeds, .conflict, .unknownButDone, .unknownNotDone, .unknownThenConflict,
                .unknownButDoneThenOther, .fails,
            ]
            lake.catalog.script = (0...Int(random.next() % 3)).map { _ in steps[Int(random.next() % 8)] }
            do {
                _ = try table.append(append)
            } catch {
                #expect([.staleOffsets, .unavailable, .unknownOutcome].contains(error.code), "\(error)")
                writers[index].positions[shard] = start > 1 ? start - 1 : 0
            }
            lake.catalog.script = []
            if random.next() % 20 == 0 { writers[index].table = lake.writer() }
        }
        lake.catalog.script = []
        let last = lake.writer()
        for shard in shards {
            guard let range = try Self.rest(of: shard, after: last, target, &random, all: true) else { continue }
            _ = try last.append(try lake.append(last, shard: shard, range))
        }
        let rows = try lake.rows()
        #expect(rows.count == 3 * Int(target))
        #expect(rows.values.allSatisfy { $0 == 1 }, "\(rows.filter { $0.value != 1 })")
        #expect(try lake.fresh().metadata.snapshots.count == 5)
    }

    private static func rest(
        of shard: String, after table: Table, _ target: UInt64, _ random: inout SeededGenerator, all: Bool = false
    ) throws -> ClosedRange<UInt64>? {
        let marks = try table.watermarks(of: LakeInMemory.source)
        let last = marks.shards[shard].flatMap { UInt64($0.last.description) } ?? 0
        guard last < target else { return nil }
        return last + 1...(all ? target : min(target, last + 1 + random.next() % 4))
    }
}
