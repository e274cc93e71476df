/// Rows of one table, column by column. A row is appended by appending to every column and then calling
/// ``finishRow()``; until then ``abandonRow()`` takes it back whole.
///
/// A class, because its columns grow in place; one thread may change it at a time.
public final class RecordBatch {
    /// Names and types, in the columns' order.
    public let fields: [Field]
    /// One a field.
    public let columns: [Column]
    /// Columns change one row at a time and by one thread, so accesses cannot overlap.
    @exclusivity(unchecked) @usableFromInline var rows = 0

    /// An empty batch with room for some rows.
    public init(_ fields: [Field], capacity: Int = 1024) {
        self.fields = fields
        columns = fields.map { Column($0.type, capacity: capacity) }
    }

    private init(_ fields: [Field], columns: [Column], count: Int) {
        self.fields = fields
        self.columns = columns
        rows = count
    }

    /// Finished rows.
    @inlinable
    public var count: Int { rows }

    /// Counts the row that has been appended to every column.
    @inlinable
    public func finishRow() {
        rows += 1
        for column in columns { precondition(column.count == rows, "a row that lacks a column") }
    }

    /// Takes back what was appended since the last finished row.
    public func abandonRow() {
        for column in columns { column.truncate(to: rows) }
    }

    /// Forgets the rows from this index on.
    public func truncate(to rows: Int) {
        self.rows = min(count, rows)
        abandonRow()
    }

    /// A new batch with these rows in this order.
    public func taking(_ rows: [Int]) -> RecordBatch {
        RecordBatch(fields, columns: columns.map { $0.taking(rows) }, count: rows.count)
    }

    /// The same rows with some of the columns, which both batches share from then on: neither is to be changed.
    /// - Parameter places: of the columns that stay, in the order they are to have.
    public func selecting(_ places: [Int]) -> RecordBatch {
        RecordBatch(places.map { fields[$0] }, columns: places.map { columns[$0] }, count: count)
    }

    /// The column of this name, if there is one.
    public func column(named name: String) -> Column? {
        fields.firstIndex { $0.name == name }.map { columns[$0] }
    }
}
