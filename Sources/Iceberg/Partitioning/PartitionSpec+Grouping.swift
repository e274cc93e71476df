public import Columnar

extension PartitionSpec {
    /// Groups a batch's rows by partition, in the order in which the partitions first appear; no group for no rows.
    /// - Parameter schema: the schema that the batch's columns come from; columns are found by field id.
    /// - Throws: ``IcebergError/Code/invalid`` if the batch lacks a source column, and
    ///   ``IcebergError/Code/unsupported`` for a transform that this library does not know.
    public func partition(
        _ batch: RecordBatch, schema: Schema
    ) throws(IcebergError) -> [(tuple: [Datum?], rows: [Int])] {
        guard batch.count > 0 else { return [] }
        var columns: [TransformedColumn?] = []
        for field in fields {
            // A void field's column may be long gone.
            guard field.transform != .void else {
                columns.append(nil)
                continue
            }
            do {
                columns.append(
                    try TransformedColumn(
                        batch, schema: schema, sourceID: field.sourceID, transform: field.transform))
            } catch {
                throw error.at("partition field \(field.name)")
            }
        }
        var groups = Grouping(count: batch.count)
        for case let column? in columns where !column.isUniform() { groups.refine(by: column) }
        var result: [(tuple: [Datum?], rows: [Int])] = []
        for rows in groups.rows {
            var tuple: [Datum?] = []
            for column in columns { tuple.append(try column?.datum(rows[0]) ?? nil) }
            result.append((tuple, rows))
        }
        return result
    }
}

/// Rows in groups, made finer column by column.
private struct Grouping {
    private let count: Int
    /// Each row's group; empty while all rows are in one.
    private var codes: [Int32] = []
    private var groupCount = 1

    private struct Key: Hashable {
        let code: Int32
        let isNull: Bool
        let value: UInt64
    }

    init(count: Int) { self.count = count }

    /// Parts rows of one group that differ in a column. Neighbours often agree, so the last row is looked at first.
    mutating func refine(by column: TransformedColumn) {
        let keys = column.orderedKeys() ?? Self.textKeys(column)
        let hasNulls = column.column.nullCount > 0
        if codes.isEmpty, !hasNulls, refineByTable(keys) { return }
        var seen: [Key: Int32] = [:]
        var last: (key: Key, code: Int32)?
        var refined = [Int32](repeating: 0, count: count)
        for row in 0..<count {
            let isNull = hasNulls && column.column.isNull(row)
            let key = Key(code: codes.isEmpty ? 0 : codes[row], isNull: isNull, value: isNull ? 0 : keys[row])
            if let last, last.key == key {
                refined[row] = last.code
                continue
            }
            let code = seen[key] ?? Int32(seen.count)
            seen[key] = code
            refined[row] = code
            last = (key, code)
        }
        codes = refined
        groupCount = seen.count
    }

    /// The first parting of rows whose numbers lie close together, as the hours of a batch do: a table instead of
    /// hashes. False if they do not.
    private mutating func refineByTable(_ keys: [UInt64]) -> Bool {
        guard let least = keys.min(), let greatest = keys.max(), greatest - least < 4096 else { return false }
        var table = [Int32](repeating: -1, count: Int(greatest - least) + 1)
        groupCount = 0
        codes = keys.map { key in
            let place = Int(key - least)
            if table[place] < 0 {
                table[place] = Int32(groupCount)
                groupCount += 1
            }
            return table[place]
        }
        return true
    }

    /// Each distinct text's or byte string's number: the first row that has it, found by hash and compared.
    private static func textKeys(_ column: TransformedColumn) -> [UInt64] {
        var firstRows: [Int: Int] = [:]
        return (0..<column.column.count).map { row in
            column.withBytes(row) { bytes in
                var hasher = Hasher()
                hasher.combine(bytes: bytes)
                var hash = hasher.finalize()
                while let first = firstRows[hash] {
                    if column.withBytes(first, { $0.elementsEqual(bytes) }) { return UInt64(first) }
                    hash &+= 1
                }
                firstRows[hash] = row
                return UInt64(row)
            }
        }
    }

    /// The rows of each group in order, groups in order of their first rows.
    var rows: [[Int]] {
        guard groupCount > 1 else { return [Array(0..<count)] }
        var rows = [[Int]](repeating: [], count: groupCount)
        for (row, code) in codes.enumerated() { rows[Int(code)].append(row) }
        return rows
    }
}
