internal import AWS

/// What the end of an execution means for its table.
enum UpkeepEnding: Equatable {
    /// The statement has done all it had to do.
    case done
    /// The statement has done a part, and asks to be run again.
    case more
    /// Another writer's commit came first; nothing was changed.
    case conflict(String)
    /// It failed, or somebody stopped it.
    case failed(String, passes: Bool)

    /// The codes at the beginning of Athena's reasons.
    private static let moreNeeded = ["ICEBERG_OPTIMIZE_MORE_RUNS_NEEDED", "ICEBERG_VACUUM_MORE_RUNS_NEEDED"]
    private static let commitError = "ICEBERG_COMMIT_ERROR"
    /// A reason is cut behind so many characters.
    private static let longestReason = 500

    /// Reads an execution that has ended.
    init(_ execution: AthenaExecution) {
        let reason = Self.line(execution.reason ?? "")
        switch execution.state {
        case .succeeded: self = .done
        case .failed where Self.moreNeeded.contains(where: { reason.holds($0) }): self = .more
        case .failed where reason.holds(Self.commitError): self = .conflict(reason)
        case .failed:
            self = .failed(reason.isEmpty ? "Athena gave no reason" : reason, passes: execution.isRetryable)
        case .cancelled: self = .failed("it was cancelled\(reason.isEmpty ? "" : ": \(reason)")", passes: false)
        case .queued, .running: self = .failed("it has not ended", passes: true)
        }
    }

    /// One line without control characters.
    private static func line(_ text: String) -> String {
        var line = String.UnicodeScalarView()
        for scalar in text.unicodeScalars.prefix(longestReason) {
            line.append(scalar.value < 0x20 || scalar.value == 0x7F ? " " : scalar)
        }
        return String(line)
    }
}

/// Why a call of Athena's did not succeed.
struct UpkeepFault: Error, Equatable {
    /// What is wrong; safe to log.
    let message: String
    /// Whether the same call may succeed later.
    let passes: Bool

    init(_ message: String, passes: Bool) {
        self.message = message
        self.passes = passes
    }

    /// What a service's error means. Each call may be repeated: a start carries its token.
    init(_ error: ServiceError) {
        self.init("\(error)", passes: error.kind == .throttled || error.kind == .unavailable)
    }
}

/// How long to wait, in milliseconds.
enum UpkeepPause {
    private static let firstLookMs: Int64 = 200
    private static let longestLookMs: Int64 = 10_000
    private static let longestMs: Int64 = 60_000

    /// Before an execution is looked at again: half as long again each time, up to 10 s.
    static func look(_ looks: Int) -> Int64 {
        var wait = firstLookMs
        for _ in 0..<min(looks, 12) { wait += wait / 2 }
        return min(wait, longestLookMs)
    }

    /// After another writer came first: 1 s, doubled each time up to a minute, and up to half as long again.
    static func conflict(_ conflicts: Int, random: UInt64) -> Int64 { doubled(1_000, conflicts, random) }

    /// After a call failed, or Athena itself: half a second, doubled each time.
    static func fault(_ faults: Int, random: UInt64) -> Int64 { doubled(500, faults, random) }

    private static func doubled(_ first: Int64, _ times: Int, _ random: UInt64) -> Int64 {
        let wait = min(first << Int64(min(max(times - 1, 0), 16)), longestMs)
        return wait + Int64(random % UInt64(wait / 2 + 1))
    }
}
