internal import Columnar
internal import Iceberg

/// Where rules find key, time and values in the rows that records of a stream become.
struct ReadingColumns {
    /// How the columns that rules need are read from a record.
    let decodings: [ColumnDecoding]
    private let key: Int
    private let time: Int
    /// The column of each rule, in the order of ``AlertRules/reading``.
    private let values: [Int]

    /// - Throws: ``IcebergError/Code/invalid`` if the table of the definition lacks one of the columns.
    init(_ rules: AlertRules, _ alerts: AlertsDefinition, of table: TableDefinition) throws(IcebergError) {
        do {
            // All of them: a record that ingest refuses is none here either.
            decodings = try table.columnDecodings(for: table.icebergSchema())
        } catch {
            throw IcebergError(.invalid, "\(error)", at: "\(table.identifier)")
        }
        let names = decodings.map(\.field.name)
        func place(_ name: String) throws(IcebergError) -> Int {
            guard let place = names.firstIndex(of: name) else {
                throw IcebergError(.invalid, "the table has no column \"\(name)\"", at: "\(table.identifier)")
            }
            return place
        }
        key = try place(alerts.key)
        time = try place(alerts.time)
        var values: [Int] = []
        for rule in rules.reading { values.append(try place(rule.column)) }
        self.values = values
    }

    /// A reading of nothing, to be filled.
    var empty: AnomalyDetector.Reading {
        AnomalyDetector.Reading(key: "", timeUs: 0, arrivalMs: 0, values: Array(repeating: nil, count: values.count))
    }

    /// Takes a row as a reading.
    /// - Returns: false for a row without a key that rules could use.
    func fill(_ reading: inout AnomalyDetector.Reading, from batch: RecordBatch, row: Int, arrivalMs: Int64) -> Bool {
        guard let key = key(batch.columns[key], row, batch.fields[key].type) else { return false }
        reading.key = key
        reading.arrivalMs = arrivalMs
        // A reading that does not say when it was taken counts from when it arrived.
        let column = batch.columns[time]
        reading.timeUs = column.isNull(row) ? arrivalMs * 1000 : column.value(row, as: Int64.self)
        for (place, column) in values.enumerated() {
            reading.values[place] = Self.number(batch.columns[column], row, batch.fields[column].type)
        }
        return true
    }

    private func key(_ column: Column, _ row: Int, _ type: ColumnType) -> String? {
        guard !column.isNull(row) else { return nil }
        switch type {
        case .int: return String(column.value(row, as: Int32.self))
        case .long: return String(column.value(row, as: Int64.self))
        case .string:
            let length = column.withBytes(row) { $0.count }
            return (1...AlertRules.longestKey).contains(length) ? column.string(row) : nil
        default: return nil
        }
    }

    private static func number(_ column: Column, _ row: Int, _ type: ColumnType) -> Double? {
        guard !column.isNull(row) else { return nil }
        switch type {
        case .int: return Double(column.value(row, as: Int32.self))
        case .long: return Double(column.value(row, as: Int64.self))
        case .float: return Double(column.value(row, as: Float.self))
        case .double: return column.value(row, as: Double.self)
        default: return nil
        }
    }
}
