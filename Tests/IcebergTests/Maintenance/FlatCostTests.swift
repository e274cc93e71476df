import JSON
import Testing

@testable import Iceberg

/// What keeps the thousandth append as cheap as the tenth.
@Suite struct FlatCostTests {
    @Test func boundsEveryFileOfTheHistory() throws {
        let lake = try LakeInMemory(properties: [
            "swiftlake.snapshots.max": "10", "commit.manifest.min-count-to-merge": "8",
            "write.metadata.previous-versions-max": "5", "swiftlake.delete.min-age-ms": "0",
        ])
        let table = lake.writer()
        var merges = 0
        for number in 1...100 {
            lake.clock.nowMs += 1000
            let report = try table.append(try lake.append(table, UInt64(number)...UInt64(number)))
            #expect(report.mergeFault == nil)
            if report.mergedManifests > 0 { merges += 1 }
        }
        let state = try lake.fresh()
        #expect(merges > 5)
        #expect(state.metadata.snapshots.count == 10)
        #expect(state.metadata.snapshotLog.count == 10)
        #expect(state.metadata.metadataLog.count == 5)
        #expect(state.manifests.count <= 12)
        #expect(lake.store.files.keys.filter { $0.hasSuffix(".metadata.json") }.count == 6)
        #expect(lake.store.files.keys.filter { $0.contains("/snap-") }.count == 10)
        #expect(try lake.orphans() == [])
        #expect(try lake.rows().count == 100)
        #expect(state.metadata.currentSnapshot?.summary.properties["total-records"] == "100")
        // Each snapshot that is left can be read in full.
        for snapshot in state.metadata.snapshots {
            let manifests = try ManifestList.parse(try lake.store.get(snapshot.manifestList))
            var files = 0
            for manifest in manifests {
                let entries = try ManifestReader.entries(
                    try lake.store.get(manifest.manifestPath), of: manifest, metadata: state.metadata)
                files += entries.count
                for entry in entries { #expect(entry.sequenceNumber == entry.fileSequenceNumber) }
                #expect(manifest.minSequenceNumber == entries.compactMap(\.sequenceNumber).min())
            }
            #expect(files == Int(snapshot.sequenceNumber))
        }
    }

    @Test func whatAWarmWriterRemembersIsWhatTheFileSays() throws {
        let lake = try LakeInMemory(properties: ["swiftlake.snapshots.max": "7"])
        let table = lake.writer()
        for number in 1...20 {
            lake.clock.nowMs += 1000
            var append = try lake.append(table, shard: "shard-\(number % 3)", UInt64(number)...UInt64(number))
            if number % 5 == 0 { append.summary["swiftlake.state.\(number)"] = "\"a\"\n" }
            _ = try table.append(append)
            if number == 12 {
                let other = lake.writer()
                _ = try other.append(try lake.plainAppend(other))
                try table.load()
            }
            let state = try #require(table.state)
            let bytes = try lake.store.get(state.location)
            #expect(try TableMetadata(parsing: bytes) == state.metadata)
            #expect(state.metadata.serialized() == bytes)
            #expect(state.inherited == InheritedSummary.of(state.metadata))
            #expect(state.inherited["swiftlake.state.5"] == (number < 5 ? nil : "\"a\"\n"))
        }
    }

    @Test func supersededFilesComeOfAgeInOrder() {
        var files = SupersededFiles()
        files.add([5, 3, 9, 3].map { .init(location: "\($0)", sinceMs: $0) })
        #expect(files.due(nowMs: 10, minimumAgeMs: 8) == [])
        #expect(files.due(nowMs: 10, minimumAgeMs: 7) == ["3", "3"])
        files.add([.init(location: "1", sinceMs: 1)])
        #expect(files.due(nowMs: 10, minimumAgeMs: 5) == ["1", "5"])
        #expect(files.count == 1)
    }

    @Test func mergedEntriesKeepTheirNumbers() throws {
        let lake = try LakeInMemory(properties: ["commit.manifest.min-count-to-merge": "3"])
        let table = lake.writer()
        var reports: [CommitReport] = []
        for number in 1...3 {
            reports.append(try table.append(try lake.append(table, UInt64(number)...UInt64(number))))
        }
        let report = try table.append(try lake.append(table, 4...4))
        #expect(report.mergedManifests == 3)
        let state = try lake.fresh()
        #expect(state.manifests.count == 2)
        let merged = state.manifests[1]
        #expect(merged.existingFilesCount == 3)
        #expect(merged.addedFilesCount == 0)
        #expect(merged.sequenceNumber == 4)
        #expect(merged.minSequenceNumber == 1)
        let entries = try ManifestReader.entries(
            try lake.store.get(merged.manifestPath), of: merged, metadata: state.metadata
        ).sorted { $0.sequenceNumber ?? 0 < $1.sequenceNumber ?? 0 }
        #expect(entries.map(\.sequenceNumber) == [1, 2, 3])
        #expect(entries.map(\.snapshotID) == reports.map(\.snapshotID))
        #expect(entries.allSatisfy { $0.status == .existing })
        let summary = state.metadata.currentSnapshot?.summary.properties
        #expect(summary?["manifests-created"] == "2")
        #expect(summary?["manifests-kept"] == "0")
        #expect(summary?["manifests-replaced"] == "3")
    }

    @Test func aMergeThatCannotBeReadIsPutOff() throws {
        let lake = try LakeInMemory(properties: ["commit.manifest.min-count-to-merge": "3"])
        let table = lake.writer()
        for number in 1...3 { _ = try table.append(try lake.append(table, UInt64(number)...UInt64(number))) }
        lake.store.unreadable = [try lake.fresh().manifests[0].manifestPath]
        let report = try table.append(try lake.append(table, 4...4))
        #expect(report.mergedManifests == 0)
        #expect(report.mergeFault?.code == .unavailable)
        lake.store.unreadable = []
        #expect(try table.append(try lake.append(table, 5...5)).mergedManifests == 4)
    }

    @Test func aMergeIsKeptOverAConflictIfItStillHolds() throws {
        let lake = try LakeInMemory(properties: ["commit.manifest.min-count-to-merge": "3"])
        let table = lake.writer()
        for number in 1...3 { _ = try table.append(try lake.append(table, UInt64(number)...UInt64(number))) }
        // The other writer merges first, so ours is dropped.
        lake.interfereWithPlainAppends()
        let append = try lake.append(table, 4...4)
        lake.catalog.script = [.conflict]
        let report = try table.append(append)
        #expect(report.mergedManifests == 0)
        #expect(try lake.rows()["shard-0:4"] == 1)
        #expect(try lake.orphans() == [])
    }

    @Test func waitsForTheMinimumAge() throws {
        let lake = try LakeInMemory(properties: [
            "swiftlake.snapshots.max": "1", "write.metadata.previous-versions-max": "1",
            "swiftlake.delete.min-age-ms": "5000",
        ])
        let table = lake.writer()
        for number in 1...5 {
            lake.clock.nowMs += 1000
            let report = try table.append(try lake.append(table, UInt64(number)...UInt64(number)))
            #expect(report.expiredSnapshots == (number > 1 ? 1 : 0))
            #expect(report.deletedFiles == 0)
        }
        #expect(lake.store.deleted == [])
        lake.clock.nowMs += 5000
        #expect(try table.append(try lake.append(table, 6...6)).deletedFiles == 9)
        #expect(try lake.rows().count == 6)
    }

    @Test func keepsMetadataFilesWhenAsked() throws {
        let lake = try LakeInMemory(properties: [
            "write.metadata.previous-versions-max": "2", "write.metadata.delete-after-commit.enabled": "false",
            "swiftlake.delete.min-age-ms": "0",
        ])
        let table = lake.writer()
        for number in 1...6 { _ = try table.append(try lake.append(table, UInt64(number)...UInt64(number))) }
        #expect(try lake.fresh().metadata.metadataLog.count == 2)
        #expect(lake.store.files.keys.filter { $0.hasSuffix(".metadata.json") }.count == 7)
    }
}
