/// Files that no current version of a table needs any more, each with the time since when; they wait here until
/// readers that began before are likely to be done.
struct SupersededFiles {
    /// A file, and when what replaced it became current, in milliseconds since the epoch.
    struct File: Hashable {
        var location: String
        var sinceMs: Int64
    }

    private var waiting: [File] = []

    /// Adds files.
    mutating func add(_ files: [File]) { waiting.append(contentsOf: files) }

    /// Takes out the files that have waited long enough.
    mutating func due(nowMs: Int64, minimumAgeMs: Int64) -> [String] {
        let isDue: (File) -> Bool = { nowMs.subtractingReportingOverflow($0.sinceMs).partialValue >= minimumAgeMs }
        let due = waiting.filter(isDue).map(\.location)
        if !due.isEmpty { waiting.removeAll(where: isDue) }
        return due
    }

    /// How many wait.
    var count: Int { waiting.count }
}
