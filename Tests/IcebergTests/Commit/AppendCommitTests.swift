import Testing

@testable import Iceberg

@Suite struct AppendCommitTests {
    @Test func commitsInTwoWaves() throws {
        let lake = try LakeInMemory()
        let table = lake.writer()
        try table.load()
        lake.store.readLocations = []
        let report = try table.append(try lake.append(table, 1...10))

        #expect(lake.store.puts.count == 1)
        #expect(lake.store.puts[0].count == 4)
        #expect(lake.catalog.swaps.count == 1)
        #expect(lake.store.readLocations == [])
        #expect(report.addedRecords == 10)
        #expect(report.sequenceNumber == 1)
        #expect(report.metadataLocation.hasPrefix("file:///lake/db/t/metadata/00001-"))
        #expect(report.metadataLocation.hasSuffix(".metadata.json"))
        #expect(lake.store.puts[0][1].hasSuffix("-m0.avro"))
        #expect(lake.store.puts[0][2].hasPrefix("file:///lake/db/t/metadata/snap-\(report.snapshotID)-1-"))

        _ = try table.append(try lake.append(table, 11...12))
        #expect(lake.store.readLocations == [], "a warm table reads nothing")
        #expect(try lake.rows().count == 12)
    }

    @Test func writesSummaryLogsAndReferences() throws {
        let lake = try LakeInMemory()
        let table = lake.writer()
        let first = try table.append(try lake.append(table, 1...10))
        let firstLocation = try table.metadataLocation
        lake.clock.nowMs -= 50_000
        let second = try table.append(try lake.append(table, 11...15))

        let state = try lake.fresh()
        let metadata = state.metadata
        #expect(metadata.currentSnapshotID == second.snapshotID)
        #expect(metadata.refs["main"] == SnapshotReference(snapshotID: second.snapshotID, kind: .branch))
        #expect(metadata.snapshotLog.map(\.snapshotID) == [first.snapshotID, second.snapshotID])
        #expect(metadata.metadataLog.last?.metadataFile == firstLocation)
        #expect(metadata.lastSequenceNumber == 2)
        let current = try #require(metadata.currentSnapshot)
        #expect(current.parentSnapshotID == first.snapshotID)
        #expect(current.timestampMs == metadata.snapshots[0].timestampMs, "a clock that runs back is held")
        let summary = current.summary
        #expect(summary.operation == "append")
        #expect(summary.properties["added-data-files"] == "1")
        #expect(summary.properties["added-records"] == "5")
        #expect(summary.properties["total-records"] == "15")
        #expect(summary.properties["total-data-files"] == "2")
        #expect(summary.properties["total-delete-files"] == "0")
        #expect(summary.properties["changed-partition-count"] == "1")
        let key = Watermarks.keyPrefix + LakeInMemory.source
        #expect(summary.properties[key] == #"{"shard-0":["10","11","15",15]}"#)
        #expect(metadata.properties[key] == summary.properties[key])
        #expect(state.manifests.map(\.sequenceNumber) == [2, 1])
        #expect(state.manifests.map(\.minSequenceNumber) == [2, 1])
    }

    @Test func movesOffsetsWithoutRows() throws {
        let lake = try LakeInMemory()
        let table = lake.writer()
        _ = try table.append(try lake.append(table, 1...3))
        var empty = Append(encodedFor: try table.metadata)
        let range = OffsetRange(first: SourceOffset(4), last: SourceOffset(9), maximumTimestampMs: 9)
        empty.take(["shard-0": range], against: try table.watermarks(of: LakeInMemory.source))
        _ = try table.append(empty)

        let state = try lake.fresh()
        #expect(state.metadata.snapshots.count == 2)
        #expect(state.manifests.count == 1)
        #expect(state.metadata.currentSnapshot?.summary.properties["added-data-files"] == nil)
        #expect(state.metadata.currentSnapshot?.summary.properties["total-records"] == "3")
        #expect(try lake.writer().watermarks(of: LakeInMemory.source).shards["shard-0"]?.last == SourceOffset(9))
    }

    @Test func carriesOtherShardsSourcesAndStateForward() throws {
        let lake = try LakeInMemory()
        let table = lake.writer()
        var first = try lake.append(table, shard: "a", 1...3)
        first.summary["swiftlake.state.windows"] = "[1]"
        _ = try table.append(first)
        var other = try lake.plainAppend(table)
        other.take(
            ["p": OffsetRange(first: SourceOffset(5), last: SourceOffset(6), maximumTimestampMs: 1)],
            against: try table.watermarks(of: "kafka"))
        _ = try table.append(other)
        _ = try table.append(try lake.append(table, shard: "b", 1...1))

        let reader = lake.writer()
        let marks = try reader.watermarks(of: LakeInMemory.source)
        #expect(marks.shards.keys.sorted() == ["a", "b"])
        #expect(try reader.watermarks(of: "kafka").shards["p"]?.last == SourceOffset(6))
        #expect(try reader.metadata.currentSnapshot?.summary.properties["swiftlake.state.windows"] == "[1]")
    }

    @Test func refusesStateThatAnotherCommitHasChanged() throws {
        let lake = try LakeInMemory()
        let (one, two) = (lake.writer(), lake.writer())
        let name = "swiftlake.state.windows"
        var late = try lake.append(two, shard: "b", 1...5)
        late.summary[name] = "late"
        var first = try lake.append(one, shard: "a", 1...4)
        first.summary[name] = "first"
        _ = try one.append(first)
        let error = #expect(throws: IcebergError.self) { try two.append(late) }
        #expect(error?.code == .staleOffsets)
        #expect(error?.description.contains(name) == true)
        var again = try lake.append(two, shard: "b", 1...5)
        again.summary[name] = "second"
        _ = try two.append(again)
        #expect(try lake.fresh().metadata.inheritedState(name) == "second")
        #expect(try lake.orphans() == [])
    }

    @Test func refusesRowsComputedAgainstOldWatermarks() throws {
        let lake = try LakeInMemory()
        let (one, two) = (lake.writer(), lake.writer())
        let late = try lake.append(two, 1...5)
        _ = try one.append(try lake.append(one, 1...4))

        let error = #expect(throws: IcebergError.self) { try two.append(late) }
        #expect(error?.code == .staleOffsets)
        #expect(try lake.orphans() == [])
        // The table has been refreshed, so the rest can be taken at once.
        let reads = lake.store.readLocations.count
        _ = try two.append(try lake.append(two, 5...5))
        #expect(lake.store.readLocations.count == reads)
        #expect(try lake.rows().values.allSatisfy { $0 == 1 })
        #expect(try lake.rows().count == 5)
    }

    @Test func refusesOffsetsAtOrBelowTheWatermark() throws {
        let lake = try LakeInMemory()
        let table = lake.writer()
        _ = try table.append(try lake.append(table, 1...5))
        let overlapping = try lake.append(table, 5...6)
        let error = #expect(throws: IcebergError.self) { try table.append(overlapping) }
        #expect(error?.code == .staleOffsets)
        #expect(try lake.rows().count == 5)
        #expect(try lake.orphans() == [])
    }

    @Test func twoShardsCommitSideBySide() throws {
        let lake = try LakeInMemory()
        let (one, two) = (lake.writer(), lake.writer())
        let late = try lake.append(two, shard: "b", 1...5)
        _ = try one.append(try lake.append(one, shard: "a", 1...5))
        let report = try two.append(late)
        #expect(report.attempts == 2)
        #expect(lake.store.puts.last?.count == 2, "data files and manifest are kept over the conflict")
        #expect(try lake.rows().count == 10)
        #expect(try lake.fresh().manifests.map(\.sequenceNumber) == [2, 1])
        #expect(try lake.orphans() == [])
    }

    @Test(arguments: [1, 4]) func winsAfterConflicts(count: Int) throws {
        let lake = try LakeInMemory()
        lake.interfereWithPlainAppends()
        let table = lake.writer()
        let append = try lake.append(table, 1...5)
        lake.catalog.script = Array(repeating: .conflict, count: count)
        let report = try table.append(append)
        #expect(report.attempts == count + 1)
        #expect(lake.clock.waits.count == count)
        for (index, wait) in lake.clock.waits.enumerated() {
            let whole = Int64(100) << Int64(index)
            #expect((whole / 2...whole).contains(wait))
        }
        #expect(try lake.fresh().metadata.snapshots.count == count + 1)
        #expect(try lake.orphans() == [])
    }

    @Test func givesUpAfterTooManyConflicts() throws {
        let lake = try LakeInMemory(properties: ["commit.retry.num-retries": "2"])
        lake.interfereWithPlainAppends()
        let table = lake.writer()
        let append = try lake.append(table, 1...5)
        lake.catalog.script = [.conflict, .conflict, .conflict]
        let error = #expect(throws: IcebergError.self) { try table.append(append) }
        #expect(error?.code == .conflict)
        #expect(try lake.orphans() == [])
        #expect(try lake.fresh().metadata.snapshots.count == 3)
    }

    @Test func refusesAChangedSchema() throws {
        let lake = try LakeInMemory()
        let table = lake.writer()
        let append = try lake.append(table, 1...5)
        var state = try lake.fresh()
        state.metadata.schemas.append(Schema(schemaID: 1, fields: [NestedField(id: 1, name: "x", type: .long)]))
        state.metadata.currentSchemaID = 1
        lake.store.files["file:///lake/db/t/metadata/00001-other.metadata.json"] = state.metadata.serialized()
        lake.catalog.tables[lake.identifier] = "file:///lake/db/t/metadata/00001-other.metadata.json"
        let error = #expect(throws: IcebergError.self) { try table.append(append) }
        #expect(error?.code == .invalid)
        #expect(try lake.orphans() == ["file:///lake/db/t/metadata/\(name(of: lake, "00000"))"])
    }

    @Test func refusesATableThatWasMadeAgain() throws {
        let lake = try LakeInMemory()
        let table = lake.writer()
        let append = try lake.append(table, 1...5)
        var state = try lake.fresh()
        state.metadata.tableUUID = "9f1bbb1e-66ba-4a5e-9f0c-6d9d4bca1a6b"
        lake.store.files["file:///lake/db/t/metadata/00000-other.metadata.json"] = state.metadata.serialized()
        lake.catalog.tables[lake.identifier] = "file:///lake/db/t/metadata/00000-other.metadata.json"
        let error = #expect(throws: IcebergError.self) { try table.append(append) }
        #expect(error?.code == .invalid)
    }

    @Test func refreshReadsOnlyWhatIsNew() throws {
        let lake = try LakeInMemory()
        let (one, two) = (lake.writer(), lake.writer())
        try one.refresh()
        lake.store.readLocations = []
        try one.refresh()
        #expect(lake.store.readLocations == [])
        _ = try two.append(try lake.append(two, 1...3))
        try one.refresh()
        #expect(try one.watermarks(of: LakeInMemory.source).shards["shard-0"]?.last == SourceOffset(3))
        lake.catalog.failingReads = 1
        #expect(throws: IcebergError.self) { try one.refresh() }
    }

    private func name(of lake: LakeInMemory, _ prefix: String) -> String {
        lake.store.files.keys.compactMap { $0.split(separator: "/").last.map(String.init) }
            .first { $0.hasPrefix(prefix) } ?? ""
    }

    @Test(arguments: ["commit.retry.num-retries", "swiftlake.snapshots.max", "commit.manifest.min-count-to-merge"])
    func goesOnPastAPropertyThatIsNoNumber(property: String) throws {
        let lake = try LakeInMemory(properties: [property: "many"])
        let table = lake.writer()
        _ = try table.append(try lake.append(table, 1...1))
        #expect(try lake.fresh().metadata.snapshots.count == 1)
    }

    @Test func completesTotalsThatAForeignWriterLeftOut() throws {
        let lake = try LakeInMemory()
        let table = lake.writer()
        _ = try table.append(try lake.append(table, 1...10))
        var state = try lake.fresh()
        for name in ["total-records", "total-data-files", "total-files-size"] {
            state.metadata.snapshots[0].summary.properties[name] = nil
        }
        lake.store.files[state.location] = state.metadata.serialized()
        let other = lake.writer()
        _ = try other.append(try lake.append(other, 11...12))
        let summary = try #require(try lake.fresh().metadata.currentSnapshot).summary.properties
        #expect(summary["total-records"] == "12")
        #expect(summary["total-data-files"] == "2")
        #expect(summary["total-files-size"] == nil, "bytes are only in the manifests, which are not read")
    }

    @Test(arguments: [1, 3]) func refusesOtherFormatVersions(version: Int) throws {
        let lake = try LakeInMemory()
        let location = try lake.fresh().location
        let text = String(decoding: try lake.store.get(location), as: UTF8.self)
        let changed = text.replacing("\"format-version\":2", with: "\"format-version\":\(version)")
        lake.store.files[location] = Array(changed.utf8)
        let error = #expect(throws: IcebergError.self) { try lake.writer().load() }
        #expect(error?.code == .unsupported)
        #expect(error?.description.contains("version \(version)") == true)
    }
}
