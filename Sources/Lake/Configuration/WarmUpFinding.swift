internal import Iceberg

/// What a function is to log of its lake before its first event.
enum WarmUpFinding {
    /// A table, or the bucket, that could not be had yet: the first event that needs it tries again.
    case fault(IcebergError)
    /// What the definition says otherwise than the table.
    case differences(TableIdentifier, [String])
}
