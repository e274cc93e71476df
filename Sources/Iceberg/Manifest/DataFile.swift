/// A file of rows or deletes, as a manifest describes it ("Manifests", field ids 134 and below).
public struct DataFile: Equatable, Sendable {
    /// What the file holds.
    public enum Content: Int32, Sendable { case data = 0, positionDeletes = 1, equalityDeletes = 2 }

    /// 134
    public var content: Content
    /// 100: full location.
    public var filePath: String
    /// 101: `PARQUET`, `AVRO` or `ORC`.
    public var fileFormat: String
    /// 102: one value for each field of the partition spec, nil where null.
    public var partition: [Datum?]
    /// 103: rows.
    public var recordCount: Int64
    /// 104: bytes.
    public var fileSizeInBytes: Int64
    /// 108: bytes of each column, by field id.
    public var columnSizes: [Int: Int64]
    /// 109: values of each column, nulls and NaN included.
    public var valueCounts: [Int: Int64]
    /// 110: nulls of each column.
    public var nullValueCounts: [Int: Int64]
    /// 137: NaNs of each float and double column.
    public var nanValueCounts: [Int: Int64]
    /// 125: a value no greater than any of the column's, serialised as Appendix D says.
    public var lowerBounds: [Int: [UInt8]]
    /// 128: a value no less than any of the column's, serialised as Appendix D says.
    public var upperBounds: [Int: [UInt8]]
    /// 131: opaque, carried along.
    public var keyMetadata: [UInt8]?
    /// 132: where the row groups start.
    public var splitOffsets: [Int64]?
    /// 135: of equality deletes.
    public var equalityIDs: [Int32]?
    /// 140: the order the rows are in; nil or 0 if none.
    public var sortOrderID: Int32?
    /// 143: of position deletes that name one data file.
    public var referencedDataFile: String?

    /// A Parquet data file without metrics.
    public init(filePath: String, partition: [Datum?], recordCount: Int64, fileSizeInBytes: Int64) {
        content = .data
        self.filePath = filePath
        fileFormat = "PARQUET"
        self.partition = partition
        self.recordCount = recordCount
        self.fileSizeInBytes = fileSizeInBytes
        columnSizes = [:]
        valueCounts = [:]
        nullValueCounts = [:]
        nanValueCounts = [:]
        lowerBounds = [:]
        upperBounds = [:]
    }
}

/// A data file's life in a table: one row of a manifest.
public struct ManifestEntry: Equatable, Sendable {
    /// 0: what this manifest's snapshot did with the file.
    public enum Status: Int32, Sendable { case existing = 0, added = 1, deleted = 2 }

    /// 0
    public var status: Status
    /// 1: the snapshot that added or deleted the file; nil inherits the manifest's.
    public var snapshotID: Int64?
    /// 3: the data sequence number; nil inherits the manifest's.
    public var sequenceNumber: Int64?
    /// 4: the sequence number of the commit that added the file; nil inherits the manifest's.
    public var fileSequenceNumber: Int64?
    /// 2
    public var dataFile: DataFile

    /// An entry.
    public init(
        status: Status, snapshotID: Int64?, sequenceNumber: Int64?, fileSequenceNumber: Int64?, dataFile: DataFile
    ) {
        self.status = status
        self.snapshotID = snapshotID
        self.sequenceNumber = sequenceNumber
        self.fileSequenceNumber = fileSequenceNumber
        self.dataFile = dataFile
    }
}
