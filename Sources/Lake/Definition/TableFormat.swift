/// How a table's files are kept together.
public enum TableFormat: String, CaseIterable, Sendable {
    /// Apache Iceberg, version 2.
    case iceberg
    /// Parquet files in folders named as Hive names partitions: no commits, no snapshots.
    case parquet
}
