internal import Columnar
internal import Iceberg

extension LogoList {
    /// The logos as rows; a column that they do not have is null.
    /// - Parameters:
    ///   - fields: of the table as it is now.
    ///   - nowMs: the time of loading, one for all, in milliseconds since the epoch.
    /// - Throws: ``IcebergError/Code/invalid`` if the table requires a column that logos lack, or the clock is outside
    ///   the times that columns hold.
    func rows(_ fields: [Field], nowMs: Int64) throws(IcebergError) -> RecordBatch {
        let batch = RecordBatch(fields, capacity: logos.count)
        let (microseconds, overflows) = nowMs.multipliedReportingOverflow(by: 1000)
        guard !overflows, CalendarTime.range.contains(microseconds) else {
            throw IcebergError(.invalid, "the clock is outside the years 1 to 9999")
        }
        for logo in logos {
            for (field, column) in zip(batch.fields, batch.columns) {
                switch field.name {
                case AssetsTable.assetID: column.append(logo.assetID)
                case AssetsTable.url: column.append(logo.url)
                case AssetsTable.loadDate: column.append(microseconds)
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
