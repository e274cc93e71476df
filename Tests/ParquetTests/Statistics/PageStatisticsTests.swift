import Columnar
import Testing

@testable import Parquet

@Suite struct PageStatisticsTests {
    private func statistics(_ type: ColumnType, _ fill: (Column) -> Void) -> PageStatistics {
        let column = Column(type)
        fill(column)
        let buffer = ColumnBuffer(Field(name: "a", type: type, id: 1))
        buffer.append(column, rows: 0..<column.count)
        return PageStatistics(
            of: PageRange(rows: 0..<buffer.rowCount, values: 0..<buffer.valueCount), in: buffer)
    }

    private func bytes(_ value: Double) -> [UInt8] { withUnsafeBytes(of: value.bitPattern) { Array($0) } }

    @Test func nansAreCountedAndLeftAside() {
        let found = statistics(.double) { column in
            for value in [Double.nan, 3, -.nan, -2, .nan] { column.append(value) }
            column.appendNull()
        }
        #expect(found.nanCount == 3 && found.nullCount == 1 && found.valueCount == 5)
        let bounds = found.bounds?.exact(.double)
        #expect(bounds?.minimum == bytes(-2) && bounds?.maximum == bytes(3))
    }

    @Test func onlyNansHaveNoBounds() {
        #expect(statistics(.double) { $0.append(Double.nan) }.bounds == nil)
        #expect(statistics(.float) { $0.append(-Float.nan) }.bounds == nil)
        #expect(statistics(.long) { $0.appendNull() }.bounds == nil)
    }

    @Test func negativeZeroIsBelowZero() {
        for values in [[0.0, -0.0], [-0.0, 0.0]] {
            let bounds = statistics(.double) { for value in values { $0.append(value) } }.bounds?.exact(.double)
            #expect(bounds?.minimum == bytes(-0.0) && bounds?.maximum == bytes(0.0))
        }
    }

    @Test func infinitiesAndExtremesAreValues() {
        let values = [Double.infinity, -.infinity, .greatestFiniteMagnitude, .leastNonzeroMagnitude]
        let bounds = statistics(.double) { for value in values { $0.append(value) } }.bounds?.exact(.double)
        #expect(bounds?.minimum == bytes(-.infinity) && bounds?.maximum == bytes(.infinity))
        let ints = statistics(.int) { for value in [Int32.max, .min, 0] { $0.append(value) } }.bounds
        #expect(ints == .fixed(minimum: Int64(Int32.min), maximum: Int64(Int32.max)))
    }

    @Test func bytesCompareUnsigned() {
        let found = statistics(.string) { column in
            for text in ["z", "ä", "", "zz", "\u{0}"] { column.append(text) }
        }
        #expect(found.bounds == .bytes(minimum: [], maximum: Array("ä".utf8)))
    }

    @Test func booleansAreABytes() {
        let bounds = statistics(.boolean) { $0.append(true) }.bounds?.exact(.boolean)
        #expect(bounds?.minimum == [1] && bounds?.maximum == [1])
    }

    @Test func sumsKeepTheWiderBounds() {
        var sum = PageStatistics()
        sum.add(statistics(.string) { $0.append("m") })
        sum.add(statistics(.string) { $0.appendNull() })
        sum.add(
            statistics(.string) {
                $0.append("a"); $0.append("b")
            })
        #expect(sum.nullCount == 1 && sum.valueCount == 3)
        #expect(sum.bounds == .bytes(minimum: Array("a".utf8), maximum: Array("m".utf8)))
    }
}
