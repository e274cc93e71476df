/// Files that no current version of a table needs any more, each with the time since when; they wait here until
/// readers that began before are likely to be done.
struct SupersededFiles {
    /// A file, and when what replaced it became current, in milliseconds since the epoch.
    struct File: Hashable {
        var location: String
        var sinceMs: Int64
    }

    /// The oldest first.
    private var waiting: [File] = []

    /// Adds files.
    mutating func add(_ files: [File]) {
        for file in files {
            var place = waiting.count
            while place > 0, waiting[place - 1].sinceMs > file.sinceMs { place -= 1 }
            waiting.insert(file, at: place)
        }
    }

    /// Takes out the files that have waited long enough.
    mutating func due(nowMs: Int64, minimumAgeMs: Int64) -> [String] {
        let end =
            waiting.firstIndex { nowMs.subtractingReportingOverflow($0.sinceMs).partialValue < minimumAgeMs }
            ?? waiting.count
        let due = waiting[..<end].map(\.location)
        waiting.removeFirst(end)
        return due
    }

    /// How many wait.
    var count: Int { waiting.count }
}
