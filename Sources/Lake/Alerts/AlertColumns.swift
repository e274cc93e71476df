internal import Columnar
internal import Iceberg

/// Where alerts go in a table's rows: each part into the column of its name, wherever that stands; other columns are null.
struct AlertColumns {
    /// The table's columns.
    let fields: [Field]

    /// - Throws: ``IcebergError/Code/invalid`` if the table lacks a column of alerts, has it with another type, or
    ///   requires one that alerts may lack.
    init(_ fields: [Field], of table: TableIdentifier) throws(IcebergError) {
        self.fields = fields
        for column in AlertTable.columns {
            let types: [ColumnType] = column.type == .timestamp ? [.timestamp, .timestamptz] : [column.type]
            guard let field = fields.first(where: { $0.name == column.name }), types.contains(field.type) else {
                throw IcebergError(
                    .invalid,
                    "the table needs a column \"\(column.name)\" of the type \(types.map(\.rawValue).joined(separator: " or "))"
                        + " for alerts", at: "\(table)")
            }
        }
        for field in fields where field.isRequired {
            guard AlertTable.columns.contains(where: { $0.name == field.name && $0.isRequired }) else {
                throw IcebergError(
                    .invalid, "the table requires the column \"\(field.name)\", which alerts may lack", at: "\(table)")
            }
        }
    }

    /// Alerts as rows.
    func rows(_ alerts: [Alert]) -> RecordBatch {
        let batch = RecordBatch(fields, capacity: alerts.count)
        for alert in alerts { append(alert, to: batch) }
        return batch
    }

    /// Appends an alert as a row.
    func append(_ alert: Alert, to batch: RecordBatch) {
        func text(_ text: String?, _ column: Column) {
            if let text { column.append(text) } else { column.appendNull() }
        }
        for (field, column) in zip(fields, batch.columns) {
            switch field.name {
            case AlertTable.alertID: column.append(alert.id)
            case AlertTable.rule: column.append(alert.rule)
            case AlertTable.kind: column.append(alert.kind)
            case AlertTable.key: column.append(alert.key)
            case AlertTable.columnName: text(alert.column, column)
            case AlertTable.value: column.append(alert.value)
            case AlertTable.bound: column.append(alert.bound)
            case AlertTable.message: column.append(alert.message)
            case AlertTable.readingAt: column.append(alert.readingUs)
            case AlertTable.detectedAt: column.append(alert.detectedMs * 1000)
            case AlertTable.stream: column.append(alert.stream)
            case AlertTable.shard: column.append(alert.shard)
            case AlertTable.sequenceNumber: text(alert.sequenceNumber, column)
            default: column.appendNull()
            }
        }
        batch.finishRow()
    }
}
