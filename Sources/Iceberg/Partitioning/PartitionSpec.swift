/// How a partition value is made from a column ("Partition Transforms").
public enum Transform: Hashable, Sendable {
    case identity
    case bucket(count: Int32)
    case truncate(width: Int32)
    case year, month, day, hour
    case void
    /// A transform that this library does not know; such a table can be read, not written.
    case unknown(String)
}

/// One partition value's source, transform and name ("Partition Specs").
public struct PartitionField: Hashable, Sendable {
    /// The column's field id.
    public var sourceID: Int
    /// The partition field's own id, 1000 or more.
    public var fieldID: Int
    /// Name in the partition tuple, and in paths.
    public var name: String
    /// How the value is made.
    public var transform: Transform

    /// A partition field.
    public init(sourceID: Int, fieldID: Int, name: String, transform: Transform) {
        self.sourceID = sourceID
        self.fieldID = fieldID
        self.name = name
        self.transform = transform
    }
}

/// How rows are grouped into data files.
public struct PartitionSpec: Hashable, Sendable {
    /// Number of this spec in its table.
    public var specID: Int
    /// The parts of the partition tuple, in order; none for an unpartitioned table.
    public var fields: [PartitionField]

    /// A spec.
    public init(specID: Int, fields: [PartitionField]) {
        self.specID = specID
        self.fields = fields
    }
}
