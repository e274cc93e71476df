/// The table properties that steer an append, with the defaults of Iceberg's documentation where it has them.
struct CommitSettings {
    /// Swaps after the first.
    var retries: Int
    /// Bounds of the waits between swaps, and of all of them together, in milliseconds.
    var minimumWaitMs: Int64
    var maximumWaitMs: Int64
    var totalWaitMs: Int64
    /// How often a swap of unknown outcome is sent again.
    var statusChecks: Int
    /// Whether small manifests are merged, from how many on, and how large a merged one may grow, in bytes.
    var mergesManifests: Bool
    var manifestsToMerge: Int
    var manifestTargetBytes: Int64
    /// When snapshots leave the history, and how many stay however old they are.
    var snapshotMaximumAgeMs: Int64
    var snapshotMaximumCount: Int
    var snapshotMinimumCount: Int
    /// How old a branch or tag may grow that says nothing itself.
    var referenceMaximumAgeMs: Int64
    /// How many earlier metadata files the log keeps, and whether those it drops are deleted.
    var previousMetadataMaximum: Int
    var deletesMetadata: Bool
    /// How long a file stays after it was superseded, for readers that still use it.
    var deletionMinimumAgeMs: Int64

    /// Reads them. A value that is no whole number, or below what makes sense, counts as not given: these properties
    /// tune an append and decide nothing of what it holds, so that a misspelt one never stops a writer.
    init(_ properties: [String: String]) {
        func number(_ name: String, _ standard: Int64, from minimum: Int64 = 0) -> Int64 {
            guard let value = properties[name].flatMap({ Int64($0) }), value >= minimum else { return standard }
            return value
        }
        func count(_ name: String, _ standard: Int64, from minimum: Int64 = 0) -> Int {
            Int(clamping: number(name, standard, from: minimum))
        }
        retries = count("commit.retry.num-retries", 4)
        minimumWaitMs = number("commit.retry.min-wait-ms", 100)
        maximumWaitMs = number("commit.retry.max-wait-ms", 60_000)
        totalWaitMs = number("commit.retry.total-timeout-ms", 1_800_000)
        statusChecks = count("commit.status-check.num-retries", 3)
        mergesManifests = properties["commit.manifest-merge.enabled"] != "false"
        manifestsToMerge = count("commit.manifest.min-count-to-merge", 100, from: 2)
        manifestTargetBytes = number("commit.manifest.target-size-bytes", 8 << 20, from: 1)
        snapshotMaximumAgeMs = number("history.expire.max-snapshot-age-ms", 5 * 86_400_000)
        snapshotMaximumCount = count("swiftlake.snapshots.max", 200, from: 1)
        snapshotMinimumCount = count("history.expire.min-snapshots-to-keep", 1, from: 1)
        referenceMaximumAgeMs = number("history.expire.max-ref-age-ms", .max)
        previousMetadataMaximum = count("write.metadata.previous-versions-max", 100, from: 1)
        deletesMetadata = properties["write.metadata.delete-after-commit.enabled"] != "false"
        deletionMinimumAgeMs = number("swiftlake.delete.min-age-ms", 600_000)
    }

    /// How long to wait before an attempt: doubled each time, and between half and the whole of that at random, so that
    /// writers who collided once part ways.
    func wait(beforeAttempt attempt: Int, random: UInt64) -> Int64 {
        let doubled = minimumWaitMs.multipliedReportingOverflow(by: 1 << Int64(min(max(attempt - 1, 0), 20)))
        let whole = min(doubled.overflow ? maximumWaitMs : doubled.partialValue, maximumWaitMs)
        guard whole > 0 else { return 0 }
        return whole - Int64(random % UInt64(whole / 2 + 1))
    }
}

extension TableMetadata {
    /// Where metadata files, manifest lists and manifests go, without a trailing slash.
    public var metadataDirectory: String { directory("write.metadata.path", "metadata") }

    /// Where data files go, without a trailing slash.
    public var dataDirectory: String { directory("write.data.path", "data") }

    private func directory(_ property: String, _ standard: String) -> String {
        var path = properties[property] ?? "\(location)/\(standard)"
        while path.hasSuffix("/") { path.removeLast() }
        return path
    }

    /// Location of the metadata file that follows another, named as Iceberg's libraries do: `00003-<uuid>.metadata.json`.
    func metadataLocation(after previous: String?, uuid: String) -> String {
        var version = 0
        if let name = previous?.split(separator: "/").last, let dash = name.firstIndex(of: "-"),
            let number = Int(name[..<dash]), number >= 0, number < .max
        {
            version = number + 1
        }
        let digits = String(version)
        let padding = String(repeating: "0", count: max(0, 5 - digits.count))
        return "\(metadataDirectory)/\(padding)\(digits)-\(uuid).metadata.json"
    }
}
