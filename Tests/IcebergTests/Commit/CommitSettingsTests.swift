import TestSupport
import Testing

@testable import Iceberg

@Suite struct CommitSettingsTests {
    @Test func hasTheDocumentedDefaults() throws {
        let settings = CommitSettings([:])
        #expect(settings.retries == 4)
        #expect(settings.minimumWaitMs == 100)
        #expect(settings.maximumWaitMs == 60_000)
        #expect(settings.manifestsToMerge == 100)
        #expect(settings.manifestTargetBytes == 8_388_608)
        #expect(settings.snapshotMaximumCount == 200)
        #expect(settings.previousMetadataMaximum == 100)
        #expect(settings.deletesMetadata)
        #expect(settings.deletionMinimumAgeMs == 600_000)
    }

    @Test func waitsDoubleWithinBounds() throws {
        let settings = CommitSettings(["commit.retry.max-wait-ms": "1000"])
        for attempt in 0...40 {
            for random: UInt64 in [0, 1, 12345, .max] {
                let wait = settings.wait(beforeAttempt: attempt, random: random)
                #expect((50...1000).contains(wait))
            }
        }
        let huge = CommitSettings(["commit.retry.min-wait-ms": "\(Int64.max)", "commit.retry.max-wait-ms": "10"])
        #expect((5...10).contains(huge.wait(beforeAttempt: 30, random: 3)))
        #expect(CommitSettings(["commit.retry.min-wait-ms": "0"]).wait(beforeAttempt: 3, random: 9) == 0)
    }

    @Test(arguments: ["-1", "1.5", "x", "", "9223372036854775808"]) func takesOtherValuesForNone(text: String) {
        #expect(CommitSettings(["commit.retry.num-retries": text]).retries == 4)
        #expect(CommitSettings(["swiftlake.delete.min-age-ms": text]).deletionMinimumAgeMs == 600_000)
        #expect(CommitSettings(["history.expire.max-snapshot-age-ms": text]).snapshotMaximumAgeMs == 432_000_000)
    }

    @Test func takesNumbersBelowWhatMakesSenseForNone() {
        #expect(CommitSettings(["swiftlake.snapshots.max": "0"]).snapshotMaximumCount == 200)
        #expect(CommitSettings(["commit.manifest.min-count-to-merge": "1"]).manifestsToMerge == 100)
        #expect(CommitSettings(["commit.manifest.min-count-to-merge": "2"]).manifestsToMerge == 2)
    }

    @Test func namesMetadataFilesAsIcebergDoes() {
        let metadata = TableMetadata(
            tableUUID: "u", location: "file:///t", schema: Schema(schemaID: 0, fields: []),
            partitionSpec: PartitionSpec(specID: 0, fields: []), sortOrder: .unsorted,
            properties: [:], lastColumnID: 0, nowMs: 0)
        func next(_ previous: String?) -> String? {
            metadata.metadataLocation(after: previous, uuid: "U").split(separator: "/").last.map(String.init)
        }
        #expect(next(nil) == "00000-U.metadata.json")
        #expect(next("file:///t/metadata/00000-a.metadata.json") == "00001-U.metadata.json")
        #expect(next("s3://b/x/99999-a.gz.metadata.json") == "100000-U.metadata.json")
        #expect(next("file:///t/metadata/v7.metadata.json") == "00000-U.metadata.json")
        #expect(next("file:///t/metadata/\(Int.max)-a.metadata.json") == "00000-U.metadata.json")
        #expect(metadata.dataDirectory == "file:///t/data")
    }

    @Test func pathsFollowTheTableProperties() {
        let metadata = TableMetadata(
            tableUUID: "u", location: "file:///t", schema: Schema(schemaID: 0, fields: []),
            partitionSpec: PartitionSpec(specID: 0, fields: []), sortOrder: .unsorted,
            properties: ["write.data.path": "file:///d/", "write.metadata.path": "file:///m"], lastColumnID: 0, nowMs: 0
        )
        #expect(metadata.dataDirectory == "file:///d")
        #expect(metadata.metadataDirectory == "file:///m")
    }

    @Test func uuidsAreVersion4() {
        var environment = CommitEnvironment(nowMs: { 0 }, random: SeededGenerator(seed: 3), sleep: { _ in })
        for _ in 0..<100 {
            let uuid = Array(environment.uuid().utf8)
            #expect(uuid.count == 36)
            #expect([8, 13, 18, 23].allSatisfy { uuid[$0] == UInt8(ascii: "-") })
            #expect(uuid[14] == UInt8(ascii: "4"))
            #expect("89ab".utf8.contains(uuid[19]))
        }
    }
}
