import TestSupport
import Testing

@testable import Iceberg

/// Expiry as a commit, with the files that fall with it.
@Suite struct ExpireSnapshotsTests {
    private static let all = ExpiryOptions(maximumAgeMs: 0, minimumCount: 1, minimumSupersededMs: 0)

    private func lake(_ properties: [String: String] = [:], writes: Bool = false) throws -> LakeInMemory {
        try LakeInMemory(
            properties: properties.merging(["write.metadata.previous-versions-max": "10000"]) { own, _ in own },
            catalogWritesMetadata: writes)
    }

    /// A second passes before each append, and one after the last.
    private func tableOfThreeAppends(in lake: LakeInMemory) throws -> Table {
        let table = lake.writer()
        for number in 1...3 as ClosedRange<UInt64> {
            lake.clock.nowMs += 1000
            _ = try table.append(try lake.append(table, number...number))
        }
        lake.clock.nowMs += 1000
        return table
    }

    @Test func goesPastSnapshotsThatDeletedFiles() throws {
        let lake = try lake()
        let table = lake.writer()
        for number in 1...4 as ClosedRange<UInt64> { _ = try table.append(try lake.append(table, number...number)) }
        lake.clock.nowMs += 1000
        try ForeignWriter(lake).overwrite("replace", adding: ["compacted"]) { _ in true }
        lake.clock.nowMs += 1000
        let report = try table.expireSnapshots(Self.all)
        #expect(report.expiredSnapshots.count == 4 && report.attempts == 1 && report.fault == nil)
        #expect(report.deletedDataFiles == 0, "the snapshot that deleted them is there still")
        #expect(report.deletedMetadataFiles == 8 && report.deletedBytes > 0)
        lake.clock.nowMs += 1000
        try table.load()
        _ = try table.append(try lake.append(table, 5...5))
        lake.clock.nowMs += 1000
        let second = try table.expireSnapshots(Self.all)
        #expect(second.deletedDataFiles == 0, "the kept manifest names them as deleted")
        lake.clock.nowMs += 1000
        try ForeignWriter(lake).overwrite("replace", adding: ["all"]) { _ in true }
        lake.clock.nowMs += 1000
        let third = try table.expireSnapshots(Self.all)
        #expect(third.deletedDataFiles == 4)
        #expect(try lake.rows() == ["all": 1])
        #expect(try lake.orphans() == [])
        #expect(try table.watermarks(of: LakeInMemory.source).shards["shard-0"]?.last == SourceOffset(5))
        #expect(
            try lake.writer().watermarks(of: LakeInMemory.source).shards["shard-0"]?.last == SourceOffset(5),
            "the snapshot that had it has expired, and the mirror is there")
        #expect(try lake.fresh().metadata.snapshots.count == 1)
    }

    @Test func nothingToExpireIsNoCommit() throws {
        let lake = try lake()
        let table = lake.writer()
        #expect(try table.expireSnapshots(Self.all).expiredSnapshots == [])
        _ = try table.append(try lake.append(table, 1...1))
        let swaps = lake.catalog.swaps.count
        let report = try table.expireSnapshots(Self.all)
        #expect(report.attempts == 0 && report.expiredSnapshots == [] && lake.catalog.swaps.count == swaps)
        #expect(try report.metadataLocation == table.metadataLocation)
    }

    @Test func aTableWhoseFilesAreSharedIsLeftAlone() throws {
        let lake = try lake(["gc.enabled": "false"])
        let error = #expect(throws: IcebergError.self) { try lake.writer().expireSnapshots(Self.all) }
        #expect(error?.code == .invalid && error?.message.contains("gc.enabled") == true)
    }

    @Test func readersOfASupersededSnapshotAreGivenTheirTime() throws {
        let lake = try lake(["swiftlake.delete.min-age-ms": "600000", "swiftlake.snapshots.max": "1"])
        let table = lake.writer()
        for number in 1...3 as ClosedRange<UInt64> {
            lake.clock.nowMs += 500_000
            try ForeignWriter(lake).overwrite(adding: ["\(number)"]) { _ in true }
        }
        #expect(try table.expireSnapshots().expiredSnapshots == [], "the first was superseded 500 seconds ago")
        lake.clock.nowMs += 100_000
        #expect(try table.expireSnapshots().expiredSnapshots.count == 1)
        lake.clock.nowMs += 500_000
        #expect(try table.expireSnapshots().expiredSnapshots.count == 1)
        #expect(try lake.orphans() == [])
        #expect(try lake.rows() == ["3": 1])
    }

    @Test func tagsAndBranchesKeepTheirSnapshotsUntilTheyAreOldThemselves() throws {
        let lake = try lake()
        let table = lake.writer()
        let foreign = ForeignWriter(lake)
        for number in 1...6 {
            lake.clock.nowMs += 1000
            try foreign.overwrite(adding: ["\(number)"]) { _ in true }
        }
        let ids = try lake.fresh().metadata.snapshots.map(\.snapshotID)
        let start = lake.clock.nowMs
        try foreign.change { metadata in
            metadata.refs["tag"] = SnapshotReference(snapshotID: ids[1], kind: .tag, maxRefAgeMs: 60_000)
            metadata.refs["side"] = SnapshotReference(
                snapshotID: ids[4], kind: .branch, minSnapshotsToKeep: 2, maxSnapshotAgeMs: 1)
        }
        lake.clock.nowMs += 10
        let report = try table.expireSnapshots(Self.all)
        #expect(report.expiredSnapshots == [ids[0], ids[2]])
        #expect(Set(try lake.fresh().metadata.snapshots.map(\.snapshotID)) == [ids[1], ids[3], ids[4], ids[5]])
        #expect(try lake.orphans() == [])
        let later = try table.expireSnapshots(nowMs: start + 100_000, Self.all)
        #expect(later.removedReferences == ["tag"] && later.expiredSnapshots == [ids[1]])
        #expect(try lake.fresh().metadata.refs.keys.sorted() == ["main", "side"])
        #expect(try lake.orphans() == [])
    }

    /// A mirror serves where a tag keeps older offsets that are no ancestor's any more.
    @Test func offsetsAndStateOutliveTheirSnapshots() throws {
        let lake = try lake()
        let table = lake.writer()
        for number in 1...3 as ClosedRange<UInt64> {
            lake.clock.nowMs += 1000
            var append = try lake.append(table, number...number)
            append.summary["swiftlake.state.windows"] = "open \(number)"
            _ = try table.append(append)
        }
        let first = try lake.fresh().metadata.snapshots[0].snapshotID
        let foreign = ForeignWriter(lake)
        try foreign.change { $0.refs["tag"] = SnapshotReference(snapshotID: first, kind: .tag) }
        lake.clock.nowMs += 1000
        try foreign.overwrite(adding: ["x"]) { _ in true }
        // As an older writer left it: without mirrors.
        try foreign.change { $0.properties = $0.properties.filter { !$0.key.hasPrefix("swiftlake.") } }
        lake.clock.nowMs += 1000
        #expect(try table.expireSnapshots(Self.all).expiredSnapshots.count == 2)
        for table in [table, lake.writer()] {
            #expect(try table.watermarks(of: LakeInMemory.source).shards["shard-0"]?.last == SourceOffset(3))
            #expect(try table.metadata.inheritedState("swiftlake.state.windows") == "open 3")
            #expect(throws: IcebergError.self) {
                var stale = Append(encodedFor: try table.metadata)
                stale.take(
                    ["shard-0": OffsetRange(first: SourceOffset(3), last: SourceOffset(4), maximumTimestampMs: 4)],
                    against: try table.watermarks(of: LakeInMemory.source))
                _ = try table.append(stale)
            }
        }
        lake.clock.nowMs += 1000
        _ = try table.append(try lake.append(table, 4...4))
        let metadata = try lake.fresh().metadata
        #expect(metadata.inheritedState("swiftlake.state.windows") == "open 3")
        #expect(metadata.currentSnapshot?.summary.properties["swiftlake.state.windows"] == "open 3")
    }

    @Test func aTableThatWasMadeAnewGetsNoOldOffsets() throws {
        let lake = try lake()
        let table = lake.writer()
        _ = try table.append(try lake.append(table, 1...3))
        let foreign = ForeignWriter(lake)
        lake.clock.nowMs += 1000
        // Replaced: the new head has no parent, and the old snapshots stay for a while.
        try foreign.change { metadata in
            metadata.currentSnapshotID = nil
            metadata.refs["main"] = nil
        }
        try foreign.overwrite(adding: ["new"]) { _ in false }
        #expect(try lake.writer().watermarks(of: LakeInMemory.source).shards.isEmpty)
        lake.clock.nowMs += 1000
        #expect(try table.expireSnapshots(Self.all).expiredSnapshots.count == 1)
        #expect(try lake.writer().watermarks(of: LakeInMemory.source).shards.isEmpty)
        #expect(try lake.orphans() == [])
    }

    @Test(
        arguments: [
            [ScriptedCatalog.Step.conflict], [.unknownButDone], [.unknownNotDone], [.unknownButDoneThenOther],
            [.unknownThenConflict], [.conflict, .unknownButDone], [.conflictButDone],
        ], [false, true])
    func settles(script: [ScriptedCatalog.Step], writes: Bool) throws {
        let lake = try lake(writes: writes)
        lake.interfereWithPlainAppends()
        let table = lake.writer()
        for number in 1...4 as ClosedRange<UInt64> {
            lake.clock.nowMs += 1000
            _ = try table.append(try lake.append(table, number...number))
        }
        lake.clock.nowMs += 1000
        lake.catalog.script = script
        let report = try table.expireSnapshots(Self.all)
        #expect(report.expiredSnapshots.count >= 3 && report.fault == nil)
        #expect(try lake.orphans() == [])
        #expect(try lake.rows().filter { $0.key.hasPrefix("shard") }.count == 4)
        #expect(try lake.writer().watermarks(of: LakeInMemory.source).shards["shard-0"]?.last == SourceOffset(4))
    }

    @Test(arguments: [
        [ScriptedCatalog.Step.unknownNotDone, .unknownNotDone, .unknownNotDone, .unknownNotDone],
        [.fails], [.unknownNotDone, .fails],
    ])
    func deletesNothingUnlessItIsDone(script: [ScriptedCatalog.Step]) throws {
        let lake = try lake()
        let table = lake.writer()
        for number in 1...4 as ClosedRange<UInt64> {
            lake.clock.nowMs += 1000
            _ = try table.append(try lake.append(table, number...number))
        }
        lake.clock.nowMs += 1000
        lake.catalog.script = script
        #expect(throws: IcebergError.self) { try table.expireSnapshots(Self.all) }
        #expect(lake.store.deleted.allSatisfy { $0.hasSuffix(".metadata.json") })
        let reachable = try lake.writer().reachableFiles()
        #expect(reachable.isSubset(of: Set(lake.store.files.keys)))
    }

    /// What cannot be read proves nothing.
    @Test func aKeptFileThatCannotBeReadSparesEverything() throws {
        let lake = try lake()
        let table = try tableOfThreeAppends(in: lake)
        let before = try lake.fresh()
        lake.store.unreadable = [before.manifests[0].manifestPath]
        // The first snapshots' data files are found, and whether a kept manifest names them is not.
        try ForeignWriter(lake).change { metadata in metadata.refs["tag"] = nil }
        let report = try table.expireSnapshots(Self.all)
        #expect(report.expiredSnapshots.count == 2)
        let gone = Set(before.metadata.snapshots.dropLast().map(\.manifestList))
        #expect(lake.store.deleted.allSatisfy { gone.contains($0) }, "data files are kept")
        #expect(report.deletedDataFiles == 0)
    }

    @Test func aDeadlineEndsTheDeletionAndNotTheCommit() throws {
        let lake = try lake()
        let table = try tableOfThreeAppends(in: lake)
        var options = Self.all
        options.deadlineMs = lake.clock.nowMs
        let report = try table.expireSnapshots(options)
        #expect(report.expiredSnapshots.count == 2 && report.fault != nil)
        #expect(lake.store.deleted.isEmpty)
    }

    /// Random histories of appends, deletions, rewrites, branches, tags and rollbacks.
    @Test(arguments: 0..<15) func deletesWhatNothingReachesAndNothingElse(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed &+ 7000)
        let lake = try lake(["commit.manifest.min-count-to-merge": "4"])
        let table = lake.writer()
        let foreign = ForeignWriter(lake)
        var offset: UInt64 = 0
        for _ in 0..<30 {
            lake.clock.nowMs += 1000
            switch UInt64.random(in: 0..<12, using: &random) {
            case 0..<5:
                offset += 1
                try table.load()
                _ = try table.append(try lake.append(table, offset...offset))
            case 5, 6:
                let bits = random.next()
                try foreign.overwrite("delete") { bits >> UInt64($0 & 63) & 1 == 1 }
            case 7: try foreign.overwrite("replace", adding: ["r\(random.next())"]) { $0 % 3 != 0 }
            case 8:
                let ids = try lake.fresh().metadata.snapshots.map(\.snapshotID)
                guard let id = ids.randomElement(using: &random) else { continue }
                let name = "ref\(UInt64.random(in: 0..<4, using: &random))"
                let kind: SnapshotReference.Kind = random.next() & 1 == 0 ? .tag : .branch
                try foreign.change { metadata in
                    metadata.refs[name] = SnapshotReference(
                        snapshotID: id, kind: kind, minSnapshotsToKeep: kind == .branch ? 2 : nil,
                        maxRefAgeMs: 15_000)
                }
            case 9:
                let branches = try lake.fresh().metadata.refs.filter { $0.value.kind == .branch && $0.key != "main" }
                guard let branch = branches.keys.sorted().first else { continue }
                try foreign.overwrite("append", branch: branch, adding: ["b\(random.next())"]) { _ in false }
            default:
                let before = try lake.fresh().metadata
                let marks = try Watermarks(of: LakeInMemory.source, in: before)
                let options = ExpiryOptions(
                    maximumAgeMs: Int64.random(in: 0..<12_000, using: &random),
                    minimumCount: Int.random(in: 1..<4, using: &random),
                    maximumCount: Int.random(in: 1..<12, using: &random), minimumSupersededMs: 500)
                let report = try table.expireSnapshots(options)
                let after = try lake.fresh().metadata
                #expect(report.fault == nil && report.undeletedFiles == [])
                #expect(try Watermarks(of: LakeInMemory.source, in: after) == marks)
                let kept = Set(after.snapshots.map(\.snapshotID))
                #expect(Set(report.expiredSnapshots) == Set(before.snapshots.map(\.snapshotID)).subtracting(kept))
                let reachable = try lake.writer().reachableFiles()
                #expect(reachable.isSubset(of: Set(lake.store.files.keys)), "a file is gone that a snapshot needs")
                #expect(try lake.orphans() == [], "a file is left that no snapshot needs")
            }
        }
    }
}
