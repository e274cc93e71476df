internal import Columnar
internal import Iceberg

/// The columns of the table of logos, and its rows.
enum LogoTable {
    static let assetID = "asset_id"
    static let url = "url"
    static let loadDate = "load_date"

    private static let columns: [(name: String, type: ColumnType)] = [
        (assetID, .string), (url, .string), (loadDate, .timestamp),
    ]

    /// Why a table of the definition cannot take logos; nil if it can.
    static func fault(of table: TableDefinition) -> String? {
        for (name, type) in columns where table.column(named: name)?.type != type {
            return "\(table.identifier) needs a column \"\(name)\" of type \(type.rawValue)"
        }
        let names = columns.map(\.name)
        if let other = table.columns.first(where: { $0.isRequired && !names.contains($0.name) }) {
            return "\(table.identifier) requires the column \"\(other.name)\", which logos lack"
        }
        return nil
    }

    /// The logos as rows; a column that they do not have is null.
    /// - Parameters:
    ///   - fields: of the table as it is now.
    ///   - nowMs: the time of loading, one for all, in milliseconds since the epoch.
    /// - Throws: ``IcebergError/Code/invalid`` if the table requires a column that logos lack.
    static func rows(
        _ logos: [LogoList.Logo], _ fields: [Field], nowMs: Int64
    ) throws(IcebergError) -> RecordBatch {
        let batch = RecordBatch(fields, capacity: logos.count)
        let (microseconds, overflows) = nowMs.multipliedReportingOverflow(by: 1000)
        guard !overflows, CalendarTime.range.contains(microseconds) else {
            throw IcebergError(.invalid, "the clock is outside the years 1 to 9999")
        }
        for logo in logos {
            for (field, column) in zip(batch.fields, batch.columns) {
                switch field.name {
                case assetID: column.append(logo.assetID)
                case url: column.append(logo.url)
                case loadDate: column.append(microseconds)
                default: column.appendNull()
                }
            }
            batch.finishRow()
        }
        for (field, column) in zip(batch.fields, batch.columns) where field.isRequired && column.nullCount > 0 {
            throw IcebergError(.invalid, "the table requires the column \"\(field.name)\", which logos lack")
        }
        return batch
    }
}
