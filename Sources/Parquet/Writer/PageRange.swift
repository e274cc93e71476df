/// The part of a chunk that a data page holds.
struct PageRange: Equatable {
    /// Rows, counted from the chunk's first.
    var rows: Range<Int>
    /// Values that are not null, likewise.
    var values: Range<Int>

    /// Cuts a chunk into pages.
    /// - Parameter valueBits: bits of an encoded value; nil cuts strings by their own lengths.
    static func cut(_ column: ColumnBuffer, valueBits: Int?, options: WriterOptions) -> [PageRange] {
        guard let valueBits else { return cutStrings(column, options: options) }
        let (bits, overflows) = options.pageBytes.multipliedReportingOverflow(by: 8)
        let mostValues = max(1, (overflows ? Int.max : bits) / max(1, valueBits))
        guard column.nullCount > 0 else {
            let step = min(mostValues, options.pageRows)
            return stride(from: 0, to: column.rowCount, by: step).map { start in
                let range = start..<min(start + step, column.rowCount)
                return PageRange(rows: range, values: range)
            }
        }
        return cut(column, options: options) { values, _ in values.count < mostValues }
    }

    private static func cutStrings(_ column: ColumnBuffer, options: WriterOptions) -> [PageRange] {
        let ends = column.ends.values(as: Int.self)
        // 4 bytes a value for its length.
        return cut(column, options: options) { values, next in
            let start = values.lowerBound == 0 ? 0 : ends[values.lowerBound - 1]
            return values.isEmpty || ends[next] - start + (values.count + 1) * 4 <= options.pageBytes
        }
    }

    /// Cuts wherever the next value no longer fits.
    /// - Parameter fits: whether a page with these values can take the value with this index too.
    private static func cut(
        _ column: ColumnBuffer, options: WriterOptions, fits: (Range<Int>, Int) -> Bool
    ) -> [PageRange] {
        let presence = column.nullCount > 0 ? column.presence.values(as: UInt8.self) : nil
        var pages: [PageRange] = []
        var page = PageRange(rows: 0..<0, values: 0..<0)
        for row in 0..<column.rowCount {
            let isPresent = presence.map { $0[row] == 1 } ?? true
            let value = page.values.upperBound
            if page.rows.count == options.pageRows || (isPresent && !fits(page.values, value)) {
                pages.append(page)
                page = PageRange(rows: row..<row, values: value..<value)
            }
            page.rows = page.rows.lowerBound..<row + 1
            if isPresent { page.values = page.values.lowerBound..<value + 1 }
        }
        if !page.rows.isEmpty { pages.append(page) }
        return pages
    }
}
