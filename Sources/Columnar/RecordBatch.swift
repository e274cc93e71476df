/// Rows of one table, column by column. A row is appended by appending to every column and then calling
/// ``finishRow()``; until then ``abandonRow()`` takes it back whole.
///
/// A class, because its columns grow in place; one thread may change it at a time.
public final class RecordBatch {
    /// Names and types, in the columns' order.
    public let fields: [Field]
    /// One a field.
    public let columns: [Column]
    /// Finished rows.
    public private(set) var count = 0

    /// An empty batch with room for some rows.
    public init(_ fields: [Field], capacity: Int = 1024) {
        self.fields = fields
        columns = fields.map { Column($0.type, capacity: capacity) }
    }

    private init(_ fields: [Field], columns: [Column], count: Int) {
        self.fields = fields
        self.columns = columns
        self.count = count
    }

    /// Counts the row that has been appended to every column.
    public func finishRow() {
        count += 1
        for column in columns { precondition(column.count == count, "a row that lacks a column") }
    }

    /// Takes back what was appended since the last finished row.
    public func abandonRow() {
        for column in columns { column.truncate(to: count) }
    }

    /// Forgets the rows from this index on.
    public func truncate(to rows: Int) {
        count = min(count, rows)
        abandonRow()
    }

    /// A new batch with these rows in this order.
    public func taking(_ rows: [Int]) -> RecordBatch {
        RecordBatch(fields, columns: columns.map { $0.taking(rows) }, count: rows.count)
    }

    /// The column of this name, if there is one.
    public func column(named name: String) -> Column? {
        fields.firstIndex { $0.name == name }.map { columns[$0] }
    }
}
