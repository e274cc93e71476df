import Columnar
import Testing

@testable import Parquet

@Suite struct PageRangeTests {
    private func rows(_ type: ColumnType, nulls: [Bool], _ change: (inout WriterOptions) -> Void) -> [Int] {
        let column = Column(type)
        for isNull in nulls {
            if isNull {
                column.appendNull()
            } else if type == .string {
                column.append("abcd")
            } else {
                column.append(Int64(1))
            }
        }
        let buffer = ColumnBuffer(Field(name: "a", type: type, id: 1))
        buffer.append(column, rows: 0..<column.count)
        var options = WriterOptions()
        change(&options)
        let pages = PageRange.cut(buffer, valueBits: buffer.plainBits, options: options)
        // Pages follow each other without a gap, in rows and in values.
        var (row, value) = (0, 0)
        for page in pages {
            #expect(page.rows.lowerBound == row && page.values.lowerBound == value && !page.rows.isEmpty)
            #expect(page.values.count == nulls[page.rows].filter { !$0 }.count)
            (row, value) = (page.rows.upperBound, page.values.upperBound)
        }
        #expect(row == nulls.count && value == buffer.valueCount)
        return pages.map(\.rows.count)
    }

    @Test func rowsAreTheLimit() {
        #expect(rows(.long, nulls: Array(repeating: false, count: 10)) { $0.pageRows = 5 } == [5, 5])
        #expect(rows(.long, nulls: Array(repeating: false, count: 11)) { $0.pageRows = 5 } == [5, 5, 1])
        #expect(rows(.long, nulls: Array(repeating: true, count: 11)) { $0.pageRows = 5 } == [5, 5, 1])
        #expect(rows(.string, nulls: Array(repeating: true, count: 3)) { $0.pageRows = 1 } == [1, 1, 1])
    }

    @Test func bytesAreTheLimitAndNullsTakeNone() {
        #expect(rows(.long, nulls: Array(repeating: false, count: 5)) { $0.pageBytes = 16 } == [2, 2, 1])
        let nulls = [false, true, true, false, true, false]
        #expect(rows(.long, nulls: nulls) { $0.pageBytes = 16 } == [5, 1])
        #expect(rows(.string, nulls: nulls) { $0.pageBytes = 16 } == [5, 1])
    }

    @Test func valueLargerThanAPageIsAPage() {
        #expect(rows(.long, nulls: [false, false]) { $0.pageBytes = 1 } == [1, 1])
        #expect(rows(.string, nulls: [false, true, false]) { $0.pageBytes = 1 } == [2, 1])
    }

    @Test func noRowsAreNoPages() { #expect(rows(.long, nulls: []) { _ in } == []) }
}
