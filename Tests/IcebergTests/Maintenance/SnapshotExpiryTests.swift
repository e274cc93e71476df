import JSON
import Testing

@testable import Iceberg

@Suite struct SnapshotExpiryTests {
    /// A history 1 ← 2 ← … with one snapshot a second.
    private func table(_ operations: [String], properties: [String: String] = [:]) -> TableMetadata {
        var metadata = TableMetadata(
            tableUUID: "u", location: "file:///t", schema: Schema(schemaID: 0, fields: []),
            partitionSpec: PartitionSpec(specID: 0, fields: []), sortOrder: .unsorted, properties: properties,
            lastColumnID: 0, nowMs: 0)
        for (index, operation) in operations.enumerated() {
            let id = Int64(index + 1)
            metadata.snapshots.append(
                Snapshot(
                    snapshotID: id, parentSnapshotID: id == 1 ? nil : id - 1, sequenceNumber: id,
                    timestampMs: id * 1000, manifestList: "list-\(id)", summary: .init(operation: operation),
                    schemaID: 0))
            metadata.snapshotLog.append(.init(timestampMs: id * 1000, snapshotID: id))
        }
        let head = Int64(operations.count)
        metadata.currentSnapshotID = head
        metadata.refs["main"] = SnapshotReference(snapshotID: head, kind: .branch)
        return metadata
    }

    private func expired(_ metadata: TableMetadata, nowMs: Int64 = 10_000) throws -> [Int64] {
        let settings = CommitSettings(metadata.properties)
        return SnapshotExpiry(of: metadata, settings, nowMs: nowMs).expired.map(\.snapshotID)
    }

    @Test func keepsTheNewestByCount() throws {
        let metadata = table(Array(repeating: "append", count: 6), properties: ["swiftlake.snapshots.max": "2"])
        #expect(try expired(metadata) == [1, 2, 3, 4])
    }

    @Test func expiresByAgeButKeepsTheMinimum() throws {
        var properties = ["history.expire.max-snapshot-age-ms": "3000"]
        #expect(try expired(table(Array(repeating: "append", count: 8), properties: properties)) == [1, 2, 3, 4, 5, 6])
        properties["history.expire.min-snapshots-to-keep"] = "5"
        #expect(try expired(table(Array(repeating: "append", count: 8), properties: properties)) == [1, 2, 3])
        #expect(try expired(table(["append"], properties: properties), nowMs: .max) == [])
    }

    @Test(arguments: ["overwrite", "delete", "replace", ""]) func stopsAtASnapshotThatRemovedFiles(operation: String)
        throws
    {
        let metadata = table(
            ["append", "append", operation, "append", "append", "append"],
            properties: ["swiftlake.snapshots.max": "1"])
        #expect(try expired(metadata) == [1, 2])
    }

    @Test func keepsTagsAndBranches() throws {
        var metadata = table(Array(repeating: "append", count: 6), properties: ["swiftlake.snapshots.max": "1"])
        metadata.refs["release"] = SnapshotReference(snapshotID: 4, kind: .tag)
        #expect(try expired(metadata) == [1, 2, 3, 5])
        metadata.refs["audit"] = SnapshotReference(snapshotID: 2, kind: .branch)
        #expect(try expired(metadata) == [3, 5])
    }

    @Test func takesLogEntriesAndStatisticsAlong() throws {
        var metadata = table(Array(repeating: "append", count: 4), properties: ["swiftlake.snapshots.max": "2"])
        metadata.unknownMembers = [
            .init(
                name: "statistics",
                value: .array([
                    .object([("snapshot-id", .integer(1)), ("statistics-path", .string("a"))]),
                    .object([("snapshot-id", .integer(4)), ("statistics-path", .string("b"))]),
                ]))
        ]
        let expiry = SnapshotExpiry(of: metadata, CommitSettings(metadata.properties), nowMs: 10_000)
        expiry.apply(to: &metadata)
        #expect(metadata.snapshots.map(\.snapshotID) == [3, 4])
        #expect(metadata.snapshotLog.map(\.snapshotID) == [3, 4])
        #expect(metadata.unknownMembers[0].value.elements?.count == 1)
        #expect(expiry.manifestLists.map(\.location) == ["list-1", "list-2"])
        #expect(expiry.manifestLists.map(\.sinceMs) == [2000, 3000], "a list is superseded when its child appears")
    }

    @Test func findsMergesOnlyInAPlainHistory() throws {
        var metadata = table(Array(repeating: "append", count: 4), properties: ["swiftlake.snapshots.max": "2"])
        metadata.snapshots[2].summary.properties["manifests-replaced"] = "7"
        let settings = CommitSettings(metadata.properties)
        let boundaries = SnapshotExpiry(of: metadata, settings, nowMs: 10_000).mergeBoundaries
        #expect(boundaries == [.init(before: "list-2", after: "list-3", sinceMs: 3000)])
        metadata.refs["release"] = SnapshotReference(snapshotID: 1, kind: .tag)
        #expect(SnapshotExpiry(of: metadata, settings, nowMs: 10_000).mergeBoundaries == [])
    }
}

@Suite struct OrphanFilesTests {
    @Test func findsWhatNothingRefersTo() {
        func file(_ location: String, _ modifiedMs: Int64 = 5) -> StoredFile {
            StoredFile(location: location, size: 1, modifiedMs: modifiedMs)
        }
        let listed = [
            file("file:///t/a"), file("file:///t/b"), file("file:///t/young", 10), file("file:///t/.7-0.partial"),
            file("file:///t/metadata/version-hint.text"),
        ]
        let found = OrphanFiles.among(listed, reachable: ["file:/t/a", "/t/x"], before: 10)
        #expect(found.map(\.location) == ["file:///t/b", "file:///t/.7-0.partial"])
    }

    @Test func knowsOnePlaceByItsSpellings() {
        #expect(
            Set(["/a/b", "file:/a/b", "file:///a/b", "file://localhost/a/b"].map(OrphanFiles.canonical)).count == 1)
        #expect(Set(["s3://b/k", "s3a://b/k", "s3n://b/k"].map(OrphanFiles.canonical)).count == 1)
    }
}
