import Iceberg
@testable import Lake
import TestSupport
import Testing

@Suite("Names of a shard's files, and what they cover")
struct CoveredRangesTests {
    private static func range(_ range: ClosedRange<UInt64>) -> ClosedRange<SourceOffset> {
        SourceOffset(range.lowerBound)...SourceOffset(range.upperBound)
    }

    private static func uncovered(_ ranges: [ClosedRange<UInt64>], _ offsets: [UInt64]) -> [[UInt64]] {
        CoveredRanges(ranges.map(range)).uncovered(offsets.map { SourceOffset($0) }).map { $0.map { offsets[$0] } }
    }

    @Test func findsTheRunsBetweenFiles() {
        #expect(Self.uncovered([], []) == [])
        #expect(Self.uncovered([], [3, 5, 9]) == [[3, 5, 9]])
        #expect(Self.uncovered([3...9], [3, 5, 9]) == [])
        #expect(Self.uncovered([4...6], [3, 5, 9]) == [[3], [9]])
        #expect(Self.uncovered([10...20, 4...5], [3, 4, 5, 6, 9, 12, 21, 30]) == [[3], [6, 9], [21, 30]])
        // A file between two records that it does not hold still parts them.
        #expect(Self.uncovered([6...7], [5, 9]) == [[5], [9]])
        // Two writers at once have left an overlap.
        #expect(Self.uncovered([1...20, 2...3], [2, 10, 25]) == [[25]])
    }

    @Test func namesSortAsNumbersDoAndAreReadBack() throws {
        let name = ShardFileName(stream: "sensors", shard: "shardId-000000000000")
        let small = name.name(Self.range(9...10))
        let large = name.name(Self.range(10...11))
        #expect(small < large)
        let zeros = String(repeating: "0", count: 55)
        #expect(small == "sensors-shardId-000000000000-\(zeros)9-\(zeros.dropLast())10.parquet")
        #expect(name.range(of: small) == Self.range(9...10))
        let long = try SourceOffset(parsing: "1" + String(repeating: "0", count: 60))
        #expect(name.range(of: name.name(long...long)) == long...long)
        #expect(name.range(of: name.name(Self.range(0...0))) == Self.range(0...0))
    }

    @Test func otherNamesCoverNothing() {
        let name = ShardFileName(stream: "s", shard: "shardId-0")
        let good = name.name(Self.range(1...2))
        for bad in [
            "", "x", String(good.dropLast()), good + "x", "x" + good, good.replacing("-", with: "_"),
            "s-shardId-0-1-2.parquet", ShardFileName(stream: "s", shard: "shardId-00").name(Self.range(1...2)),
            ShardFileName(stream: "s", shard: "shardId-0-shardId-0").name(Self.range(1...2)),
        ] { #expect(name.range(of: bad) == nil, "\(bad)") }
        let digits = String(repeating: "9", count: 200)
        #expect(name.range(of: "s-shardId-0-\(digits)-\(digits).parquet") == nil)
        let zeros = String(repeating: "0", count: 55)
        #expect(name.range(of: "s-shardId-0-\(zeros)2-\(zeros)1.parquet") == nil)
        #expect(ShardFileName(stream: "a/b", shard: "c").prefix == "a%2Fb-c-")
    }

    /// Whatever the cuts, files hold each record once, and every record of their ranges.
    @Test(arguments: 0..<50) func anyCutsHoldEachRecordOnce(seed: UInt64) {
        var random = SeededGenerator(seed: seed &+ 500)
        // Records of this partition among those of the shard.
        let own = (0..<200).filter { _ in random.next() % 3 != 0 }.map { UInt64($0) }
        var ranges: [ClosedRange<UInt64>] = []
        var written: [UInt64] = []
        for _ in 0..<60 {
            let first = UInt64.random(in: 0..<200, using: &random)
            let batch = own.filter { (first...first + 30).contains($0) }
            for run in Self.uncovered(ranges.shuffled(using: &random), batch) {
                ranges.append(run[0]...run[run.count - 1])
                written += run
            }
            for range in ranges {
                #expect(own.filter(range.contains).allSatisfy(written.contains), "a range covers what it does not hold")
            }
        }
        #expect(Set(written).count == written.count, "a record was written twice")
        #expect(Set(written).isSubset(of: own))
    }
}
