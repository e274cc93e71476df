internal import JSON

/// The table properties that a definition knows by name: those that Swiftlake reads.
public enum TableProperty {
    /// Age past which snapshots expire, in milliseconds.
    public static let maximumSnapshotAge = "history.expire.max-snapshot-age-ms"
    /// How many snapshots expiry keeps, whatever their age.
    public static let minimumSnapshots = "history.expire.min-snapshots-to-keep"
    /// How many snapshots the append keeps at most.
    public static let maximumSnapshots = "swiftlake.snapshots.max"
    /// Codec of data files: `zstd`, `snappy` or `uncompressed`.
    public static let compressionCodec = "write.parquet.compression-codec"
    /// A comment on the table, as Spark and Glue keep it.
    public static let comment = "comment"
    /// Who answers for the data.
    public static let owner = "owner"
    /// How far the data is refined: `bronze`, `silver` or `gold`.
    public static let layer = "layer"
    /// Which columns hold what must be handled with care.
    public static let classification = "classification"
    /// Where data files go, in place of `data` in the table's folder.
    static let dataPath = "write.data.path"
    /// Where metadata files, manifest lists and manifests go, in place of `metadata` in the table's folder.
    static let metadataPath = "write.metadata.path"

    /// The names of the properties that a definition gave the table, as a JSON array in order: what a later definition
    /// no longer gives is removed, and what others have set is left to them.
    public static let given = "swiftlake.properties"

    /// The names as ``given`` keeps them.
    static func list(_ names: some Sequence<String>) -> String {
        String(decoding: JSONValue.array(names.sorted().map { .string($0) }).serialized(), as: UTF8.self)
    }

    /// The names in a value of ``given``; none if it is missing or no such list.
    static func names(ofList text: String?) -> [String] {
        guard let text, let value = try? JSONValue(parsing: Array(text.utf8)) else { return [] }
        return (value.elements ?? []).compactMap(\.string)
    }

    /// Which values a property takes.
    private enum Values {
        /// One of these.
        case choice([String])
        /// A whole number in these bounds, in digits.
        case number(ClosedRange<Int64>)
        /// How much of a column's statistics is kept.
        case metricsMode
        /// A location where files can go.
        case folder
    }

    private static let largestNumber: Int64 = 999_999_999_999_999_999
    private static let metricsPrefix = "write.metadata.metrics.column."
    private static let ownPrefix = "swiftlake."
    /// Every property of this project's own.
    private static let own = [maximumSnapshots, "swiftlake.delete.min-age-ms"]

    /// What the readers of properties take: `CommitSettings`, `WriterOptions`, `MetricsConfiguration` and the
    /// directories of `TableMetadata`. Nil for a property that none of them reads.
    private static func values(of name: String) -> Values? {
        switch name {
        case compressionCodec: .choice(["zstd", "snappy", "uncompressed"])
        case "write.format.default": .choice(["parquet"])
        case "commit.manifest-merge.enabled", "write.metadata.delete-after-commit.enabled":
            .choice(["true", "false"])
        case maximumSnapshotAge, "commit.retry.num-retries", "commit.retry.min-wait-ms", "commit.retry.max-wait-ms",
            "commit.retry.total-timeout-ms", "commit.status-check.num-retries", "swiftlake.delete.min-age-ms":
            .number(0...largestNumber)
        case minimumSnapshots, maximumSnapshots, "write.parquet.row-group-size-bytes", "write.parquet.page-size-bytes",
            "write.parquet.page-row-limit", "write.parquet.dict-size-bytes", "write.metadata.previous-versions-max",
            "commit.manifest.target-size-bytes":
            .number(1...largestNumber)
        case "commit.manifest.min-count-to-merge": .number(2...largestNumber)
        case "write.parquet.compression-level": .number(1...22)
        case "write.metadata.metrics.default": .metricsMode
        case dataPath, metadataPath: .folder
        default: name.hasPrefix(metricsPrefix) ? .metricsMode : nil
        }
    }

    /// What is wrong with a property, if anything.
    /// - Parameter columns: the names of the table's columns.
    static func problem(
        of name: String, _ value: String, beside retention: RetentionDefinition, columns: [String]
    ) -> String? {
        let fromRetention: Int64? =
            switch name {
            case maximumSnapshotAge: retention.snapshotAgeMs
            case minimumSnapshots: retention.minimumSnapshots
            case maximumSnapshots: retention.snapshots
            default: nil
            }
        if fromRetention != nil { return "is set by retention already" }
        if name == "format-version" { return "cannot be set: tables are of format version 2" }
        if name.isEmpty { return "a property needs a name" }
        if name.hasPrefix(ownPrefix), !own.contains(name) {
            let hint = Suggestion.hint(for: name, among: own)
            return "is not a property of Swiftlake" + (hint.isEmpty ? "; it has \(own.joined(separator: ", "))" : hint)
        }
        if name.hasPrefix(metricsPrefix) {
            let column = String(name.dropFirst(metricsPrefix.count))
            if !columns.contains(column) {
                return "there is no column \"\(column)\"\(Suggestion.hint(for: column, among: columns))"
            }
        }
        guard let values = values(of: name), let expected = Self.expected(values, value) else { return nil }
        return "\"\(value)\" is not a value of \(name); \(expected)"
    }

    /// What to write instead of a value; nil for a good one.
    private static func expected(_ values: Values, _ value: String) -> String? {
        switch values {
        case .choice(let allowed):
            return allowed.contains(value) ? nil : "use one of \(allowed.joined(separator: ", "))"
        case .number(let bounds):
            let number = value == "0" ? 0 : wholeNumber(value.utf8, maximumDigits: 18)
            if let number, bounds.contains(number) { return nil }
            return bounds.upperBound == largestNumber
                ? "write a whole number of at least \(bounds.lowerBound)"
                : "write a whole number from \(bounds.lowerBound) to \(bounds.upperBound)"
        case .metricsMode: return isMetricsMode(value) ? nil : "use one of none, counts, full, truncate(length)"
        case .folder: return isFolder(value) ? nil : "write s3://bucket/prefix or file:///absolute/path"
        }
    }

    private static func isMetricsMode(_ text: String) -> Bool {
        if ["none", "counts", "full"].contains(text) { return true }
        guard text.hasPrefix("truncate("), text.hasSuffix(")") else { return false }
        return wholeNumber(text.dropFirst("truncate(".count).dropLast().utf8, maximumDigits: 9) != nil
    }

    private static func isFolder(_ text: String) -> Bool {
        guard SettingsReader.location(text) != nil, !text.utf8.contains(0) else { return false }
        let scheme = text.hasPrefix("s3://") ? "s3://" : "file:///"
        let parts = text.dropFirst(scheme.count).split(separator: "/", omittingEmptySubsequences: false)
        return parts.first != "" && !parts.contains(".") && !parts.contains("..")
    }
}
