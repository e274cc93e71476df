/// The table properties that a definition knows by name.
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

    /// Values allowed for a property, where there are few.
    private static func choices(of name: String) -> [String]? {
        switch name {
        case compressionCodec: ["zstd", "snappy", "uncompressed"]
        case "write.format.default": ["parquet"]
        case "swiftlake.parquet.encodings": ["compatible", "compact"]
        default: nil
        }
    }

    /// Properties whose value is a whole number of at least 1.
    private static let counts = [
        maximumSnapshotAge, minimumSnapshots, maximumSnapshots, "write.parquet.row-group-size-bytes",
        "write.parquet.page-size-bytes", "write.parquet.dict-size-bytes", "write.target-file-size-bytes",
        "write.metadata.previous-versions-max", "commit.manifest.min-count-to-merge",
        "commit.manifest.target-size-bytes",
    ]

    /// What is wrong with a property, if anything.
    static func problem(of name: String, _ value: String, beside retention: RetentionDefinition) -> String? {
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
        if let allowed = choices(of: name), !allowed.contains(value) {
            return "\"\(value)\" is not a value of \(name); use one of \(allowed.joined(separator: ", "))"
        }
        if counts.contains(name), wholeNumber(value.utf8, maximumDigits: 18) == nil {
            return "\"\(value)\" is not a value of \(name); write a whole number of at least 1"
        }
        return nil
    }
}
