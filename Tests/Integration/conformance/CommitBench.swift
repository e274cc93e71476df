internal import Catalogs
internal import Foundation
internal import Iceberg
internal import ObjectStores

/// How long commits take as a table's history grows.
///
///     commit-bench append memory|FOLDER COUNT
///     commit-bench load SNAPSHOTS ROUNDS
///
/// `append` commits one data file of 1 kB at a time, with the offsets of one of four shards, and prints microseconds
/// and merged manifests of each commit; in memory, or in files beside a SQLite catalog. The clock it commits by moves
/// on five seconds a commit, so that files come of age and are deleted. `load` parses the metadata of a table with so
/// many snapshots, and prints its bytes, then the microseconds of each round.
enum CommitBench {
    static func run(_ arguments: [String]) throws {
        switch (arguments.first, arguments.count) {
        case ("append", 3): try append(arguments[1], count: Int(arguments[2]) ?? 0)
        case ("load", 3): try load(snapshots: Int(arguments[1]) ?? 0, rounds: Int(arguments[2]) ?? 0)
        default: throw ConformanceError("commit-bench append memory|FOLDER COUNT, or load SNAPSHOTS ROUNDS")
        }
    }

    private static let source = "arn:aws:kinesis:eu-central-1:123456789012:stream/sensor-readings"
    private static let shardCount = 4
    private static let identifier = TableIdentifier(namespace: "iot_db", name: "sensor_readings")

    private static func append(_ place: String, count: Int) throws {
        let isInMemory = place == "memory"
        var environment = CommitEnvironment.system
        let clock = SteppedClock()
        environment.nowMs = { clock.nowMs }
        let store: any ObjectStore = isInMemory ? MemoryStore() : FileObjectStore()
        let catalog: any Catalog = isInMemory ? MemoryCatalog() : try SQLiteCatalog(path: "\(place)/catalog.db")
        let table = try Tables.create(
            identifier, metadata: try emptyTable(location: "file://\(isInMemory ? "" : place)/t"), catalog: catalog,
            store: store, environment: environment)
        let bytes = [UInt8](repeating: 7, count: 1024)
        var lines = ""
        for number in 0..<count {
            clock.nowMs += 5000
            let start = microseconds(isInMemory ? CLOCK_PROCESS_CPUTIME_ID : CLOCK_MONOTONIC)
            let report = try table.append(try next(number, on: table, bytes))
            let elapsed = microseconds(isInMemory ? CLOCK_PROCESS_CPUTIME_ID : CLOCK_MONOTONIC) - start
            lines += "\(elapsed) \(report.mergedManifests)\n"
        }
        print(lines, terminator: "")
    }

    /// What a job does for one commit, but for its rows.
    private static func next(_ number: Int, on table: Table, _ bytes: [UInt8]) throws -> Append {
        let metadata = try table.metadata
        var file = DataFile(
            filePath: "\(metadata.dataDirectory)/sent_hour=2026-01-01-00/00000-\(number)-0b7f9d3e.parquet",
            partition: [.int(490_000 + Int32(number / 720))], recordCount: 100, fileSizeInBytes: Int64(bytes.count))
        for id in 1...7 {
            file.columnSizes[id] = 128
            file.valueCounts[id] = 100
            file.nullValueCounts[id] = 0
            file.lowerBounds[id] = [0, 0, 0, 0, 0, 0, 0, 0]
            file.upperBounds[id] = [9, 0, 0, 0, 0, 0, 0, 0]
        }
        file.splitOffsets = [4]
        let watermarks = try table.watermarks(of: source)
        let offset = { (place: Int) in
            try SourceOffset(parsing: "4959033827149025660855969253836157109592157598\(1_000_000_000 + place)")
        }
        var append = Append(encodedFor: metadata, files: [.init(file, bytes: bytes)])
        let range = OffsetRange(
            first: try offset(number * 100), last: try offset(number * 100 + 99),
            maximumTimestampMs: 1_767_225_600_000 + Int64(number))
        append.take(["shardId-00000000000\(number % shardCount)": range], against: watermarks)
        return append
    }

    private static func emptyTable(location: String) throws -> TableMetadata {
        let names = ["cpu", "ram", "hd"]
        return try TableMetadata.new(
            tableUUID: "9c12d441-03fe-4693-9a96-a0705ddf69c1", location: location,
            columns: [
                NestedField(id: 0, name: "temperature", type: .int),
                NestedField(id: 0, name: "timestamp", type: .timestamp),
                NestedField(id: 0, name: "sent", type: .timestamp), NestedField(id: 0, name: "id_device", type: .int),
            ] + names.map { NestedField(id: 0, name: $0, type: .double) },
            partition: [NewPartitionField(column: "sent", transform: .hour)], nowMs: SteppedClock.start)
    }

    private static func load(snapshots: Int, rounds: Int) throws {
        // A table whose history really grew, and then more snapshots like its last.
        let table = try Tables.create(
            identifier, metadata: try emptyTable(location: "file:///t"), catalog: MemoryCatalog(), store: MemoryStore(),
            environment: .system)
        for number in 0..<min(snapshots, 8) { _ = try table.append(try next(number, on: table, [7])) }
        var metadata = try table.metadata
        while metadata.snapshots.count < snapshots, var snapshot = metadata.snapshots.last {
            snapshot.parentSnapshotID = snapshot.snapshotID
            snapshot.snapshotID = snapshot.snapshotID &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            snapshot.snapshotID &= Int64.max
            snapshot.sequenceNumber += 1
            metadata.lastSequenceNumber = snapshot.sequenceNumber
            metadata.currentSnapshotID = snapshot.snapshotID
            metadata.refs["main"]?.snapshotID = snapshot.snapshotID
            metadata.snapshotLog.append(.init(timestampMs: snapshot.timestampMs, snapshotID: snapshot.snapshotID))
            metadata.snapshots.append(snapshot)
        }
        let text = metadata.serialized()
        print(text.count)
        for _ in 0..<rounds {
            let start = microseconds(CLOCK_PROCESS_CPUTIME_ID)
            let read = try TableMetadata(parsing: text)
            let elapsed = microseconds(CLOCK_PROCESS_CPUTIME_ID) - start
            guard read.snapshots.count == snapshots else { throw ConformanceError("snapshots are missing") }
            print(elapsed)
        }
    }

    private static func microseconds(_ clock: clockid_t) -> Double {
        var time = timespec()
        clock_gettime(clock, &time)
        return Double(time.tv_sec) * 1e6 + Double(time.tv_nsec) / 1e3
    }
}

/// A clock that its owner moves on.
private final class SteppedClock {
    static let start: Int64 = 1_767_225_600_000
    var nowMs = start
}
