public import Columnar

extension SortOrder {
    /// The batch's rows in this order; rows that are equal stay as they are. Nil if there is nothing to do: the order is
    /// "unsorted", or the rows are in order already.
    ///
    /// Floats compare as −NaN < −∞ < −0.0 < +0.0 < ∞ < NaN, text by code points.
    /// - Throws: ``IcebergError/Code/invalid`` if the batch lacks a column or a transform does not take its column, and
    ///   ``IcebergError/Code/unsupported`` for a transform that this library does not know.
    public func sortedRows(of batch: RecordBatch, schema: Schema) throws(IcebergError) -> [Int]? {
        guard !fields.isEmpty, batch.count > 1 else { return nil }
        var keys: [SortKey] = []
        for field in fields where field.transform != .void {
            do {
                keys.append(
                    SortKey(
                        field,
                        try TransformedColumn(
                            batch, schema: schema, sourceID: field.sourceID, transform: field.transform)))
            } catch {
                throw error.at("sort order \(orderID)")
            }
        }
        guard (1..<batch.count).contains(where: { SortKey.compare(keys, $0 - 1, $0) > 0 }) else { return nil }
        return (0..<batch.count).sorted { left, right in
            let order = SortKey.compare(keys, left, right)
            return order == 0 ? left < right : order < 0
        }
    }
}

/// One column of an order, ready to compare rows.
private struct SortKey {
    private let column: TransformedColumn
    private let numbers: [UInt64]?
    private let isDescending: Bool
    private let nullsFirst: Bool
    private let hasNulls: Bool

    init(_ field: SortOrder.Field, _ column: TransformedColumn) {
        self.column = column
        numbers = column.orderedKeys()
        isDescending = field.direction == .descending
        nullsFirst = field.nullOrder == .first
        hasNulls = column.column.nullCount > 0
    }

    /// Negative if the left row comes first, positive if the right one does.
    @inline(__always)
    static func compare(_ keys: [SortKey], _ left: Int, _ right: Int) -> Int {
        for key in keys {
            let order = key.compare(left, right)
            if order != 0 { return order }
        }
        return 0
    }

    @inline(__always)
    private func compare(_ left: Int, _ right: Int) -> Int {
        if hasNulls {
            switch (column.column.isNull(left), column.column.isNull(right)) {
            case (true, true): return 0
            case (true, false): return nullsFirst ? -1 : 1
            case (false, true): return nullsFirst ? 1 : -1
            case (false, false): break
            }
        }
        let order: Int
        if let numbers {
            order = numbers[left] == numbers[right] ? 0 : numbers[left] < numbers[right] ? -1 : 1
        } else {
            order = column.withBytes(left) { left in column.withBytes(right) { Self.compare(left, $0) } }
        }
        return isDescending ? -order : order
    }

    private static func compare(_ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer) -> Int {
        for index in 0..<min(left.count, right.count) where left[index] != right[index] {
            return left[index] < right[index] ? -1 : 1
        }
        return left.count == right.count ? 0 : left.count < right.count ? -1 : 1
    }
}
