import Columnar
import TestSupport
import Testing

@testable import Parquet

@Suite struct ColumnBufferTests {
    @Test(arguments: ColumnType.allCases) func partsOfABatchAddUpToTheWhole(type: ColumnType) {
        var random = SeededGenerator(seed: 9)
        for nullEvery in [0, 1, 2, 5] {
            let column = Column(type)
            for row in 0..<100 {
                if nullEvery > 0 && row >= 20 && row % nullEvery == 0 {
                    column.appendNull()
                } else {
                    switch type.byteWidth {
                    case 0: column.append(Bool.random(using: &random))
                    case 4: column.append(UInt32.random(in: .min ... .max, using: &random))
                    case 8: column.append(UInt64.random(in: .min ... .max, using: &random))
                    default: column.append(String(repeating: "x", count: row % 7))
                    }
                }
            }
            let field = Field(name: "a", type: type, id: 1)
            let whole = ColumnBuffer(field)
            whole.append(column, rows: 0..<100)
            let parts = ColumnBuffer(field)
            for rows in [0..<1, 1..<9, 9..<9, 9..<30, 30..<100] { parts.append(column, rows: rows) }
            #expect(parts.rowCount == 100 && parts.valueCount == whole.valueCount)
            #expect(whole.nullCount == column.nullCount)
            #expect(Array(parts.values.bytes) == Array(whole.values.bytes))
            #expect(Array(parts.ends.bytes) == Array(whole.ends.bytes))
            #expect(Array(parts.presence.bytes) == Array(whole.presence.bytes))
        }
    }

    @Test func plainSizeIsThatOfThePages() {
        for type in ColumnType.allCases {
            let column = Column(type)
            for _ in 0..<11 {
                switch type.byteWidth {
                case 0: column.append(true)
                case 4: column.append(UInt32(1))
                case 8: column.append(UInt64(1))
                default: column.append("abc")
                }
            }
            column.appendNull()
            let buffer = ColumnBuffer(Field(name: "a", type: type, id: 1))
            buffer.append(column, rows: 0..<12)
            let page = PageRange(rows: 0..<12, values: 0..<11)
            #expect(bytes { buffer.appendPlain(page, to: &$0) }.count == buffer.plainSize)
        }
    }
}
