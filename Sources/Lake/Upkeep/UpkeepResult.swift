internal import Iceberg
internal import JSON

/// What the upkeep of one table came to.
struct UpkeepResult: Equatable {
    /// `database.table`; the database alone if its tables could not be listed.
    var name: String
    /// Executions of each statement; nil where the engine runs none.
    var optimizeRuns: Int?
    var vacuumRuns: Int?
    /// What Athena charges for, in bytes.
    var scannedBytes: Int64?
    /// What the native engine took away.
    var expiredSnapshots: Int?
    var deletedFiles: Int?
    var deletedBytes: Int64?
    /// The table before and after; nil where that could not be read.
    var before: TableSize?
    var after: TableSize?
    /// From the table's turn to its end, other invocations of the run included, in milliseconds.
    var durationMs: Int64 = 0
    /// Why the table is not in order; nil if it is.
    var failure: String?

    /// A table, or database, that could not be worked on.
    init(name: String, failure: String? = nil) {
        self.name = name
        self.failure = failure
    }

    /// A table that Athena has worked on.
    init(_ upkeep: TableUpkeep, after: TableSize?, nowMs: Int64) {
        let progress = upkeep.progress
        name = upkeep.table.description
        optimizeRuns = progress.runs[.optimize] ?? 0
        vacuumRuns = progress.runs[.vacuum] ?? 0
        scannedBytes = progress.scannedBytes
        before = progress.before
        self.after = after
        durationMs = max(0, nowMs &- (progress.startedMs ?? nowMs))
        failure = progress.failure
    }

    /// As the reply has it; what is not known, or not the engine's, is left out.
    func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("table", name)
            for (name, number) in numbers { writer.member(name, number) }
            if let failure { writer.member("failure", failure) }
        }
    }

    /// The numbers that there are, by the names of the reply.
    var numbers: [(name: String, value: Int64)] {
        let all: [(String, Int64?)] = [
            ("optimizeRuns", optimizeRuns.map(Int64.init)), ("vacuumRuns", vacuumRuns.map(Int64.init)),
            ("expiredSnapshots", expiredSnapshots.map(Int64.init)), ("deletedFiles", deletedFiles.map(Int64.init)),
            ("deletedBytes", deletedBytes), ("filesBefore", before?.files), ("filesAfter", after?.files),
            ("bytesBefore", before?.bytes), ("bytesAfter", after?.bytes), ("snapshotsBefore", before?.snapshots),
            ("snapshotsAfter", after?.snapshots), ("scannedBytes", scannedBytes), ("durationMs", durationMs),
        ]
        return all.compactMap { name, value in value.map { (name, $0) } }
    }
}
