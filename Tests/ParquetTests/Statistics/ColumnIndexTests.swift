import Columnar
import Testing

@testable import Parquet

@Suite struct ColumnIndexTests {
    private func index(_ type: ColumnType, length: Int = 64, pages: [(Column) -> Void]) -> ColumnIndex? {
        let statistics = pages.map { fill in
            let column = Column(type)
            fill(column)
            let buffer = ColumnBuffer(Field(name: "a", type: type, id: 1))
            buffer.append(column, rows: 0..<column.count)
            return PageStatistics(
                of: PageRange(rows: 0..<buffer.rowCount, values: 0..<buffer.valueCount), in: buffer)
        }
        return ColumnIndex(statistics, type: type, length: length)
    }

    private func order(_ pages: [[Int64]]) -> BoundaryOrder? {
        index(.long, pages: pages.map { page in { column in for value in page { column.append(value) } } })?
            .boundaryOrder
    }

    @Test func orderIsThatOfMinimaAndMaxima() {
        #expect(order([[1, 2], [2, 3], [3]]) == .ascending)
        #expect(order([[3], [2, 3], [1, 2]]) == .descending)
        #expect(order([[1, 5], [2, 3]]) == .unordered)
        #expect(order([[1], [3], [2]]) == .unordered)
        #expect(order([[1], [1]]) == .ascending)
        #expect(order([[1]]) == .ascending)
        #expect(order([[-1], [0], [1]]) == .ascending)
    }

    @Test func nullPagesAreLeftOutOfTheOrder() throws {
        let found = try #require(
            index(
                .long,
                pages: [
                    { $0.append(Int64(1)) },
                    { column in for _ in 0..<3 { column.appendNull() } },
                    { $0.append(Int64(2)) },
                ]))
        #expect(found.boundaryOrder == .ascending)
        #expect(found.nullPages == [false, true, false])
        #expect(found.nullCounts == [0, 3, 0])
        #expect(found.minValues == [[1, 0, 0, 0, 0, 0, 0, 0], [], [2, 0, 0, 0, 0, 0, 0, 0]])
        #expect(found.maxValues == found.minValues)
    }

    @Test func pageOfNothingButNansForbidsTheIndex() {
        #expect(index(.double, pages: [{ $0.append(1.0) }, { $0.append(Double.nan) }]) == nil)
        #expect(
            index(
                .double,
                pages: [
                    { $0.append(1.0) },
                    {
                        $0.append(2.0); $0.append(Double.nan)
                    },
                ]) != nil)
    }

    @Test func negativeNumbersAscendToo() {
        #expect(index(.double, pages: [{ $0.append(-2.0) }, { $0.append(-1.0) }])?.boundaryOrder == .ascending)
        #expect(
            index(.float, pages: [{ $0.append(Float(1)) }, { $0.append(Float(-1)) }])?.boundaryOrder == .descending)
        // Zeros are written with the wider sign, and compare as written.
        #expect(index(.double, pages: [{ $0.append(0.0) }, { $0.append(-0.0) }])?.boundaryOrder == .ascending)
    }

    @Test func longStringsAreTruncatedIfTheMaximumHasASuccessor() throws {
        let found = try #require(index(.string, length: 2, pages: [{ $0.append("abc") }, { $0.append("abd") }]))
        #expect(found.minValues == [Array("ab".utf8), Array("ab".utf8)])
        #expect(found.maxValues == [Array("ac".utf8), Array("ac".utf8)])
        #expect(found.boundaryOrder == .ascending)
        let highest = String(repeating: "\u{10FFFF}", count: 2)
        #expect(index(.string, length: 4, pages: [{ $0.append(highest) }])?.maxValues == [Array(highest.utf8)])
        let long = String(repeating: highest, count: TruncatedBounds.longestWhole)
        #expect(index(.string, length: 4, pages: [{ $0.append(long) }]) == nil)
    }

    @Test func truncatedBoundsAreComparedAsWritten() throws {
        let found = try #require(index(.string, length: 2, pages: [{ $0.append("abc") }, { $0.append("ab") }]))
        // Maxima "ac" and "ab", minima both "ab".
        #expect(found.boundaryOrder == .descending)
    }
}
