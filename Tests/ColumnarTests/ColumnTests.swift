import Testing

@testable import Columnar

@Suite struct ColumnTests {
    /// Appends a value that depends on the row, or a null.
    private func append(_ row: Int, isNull: Bool, to column: Column) {
        if isNull { return column.appendNull() }
        switch column.type {
        case .boolean: column.append(row % 3 == 0)
        case .int, .date: column.append(Int32(row))
        case .float: column.append(Float(row))
        case .long, .timestamp, .timestamptz: column.append(Int64(row))
        case .double: column.append(Double(row))
        case .string, .binary: column.append(String(repeating: "é", count: row % 5) + "\(row)")
        }
    }

    private func holds(_ row: Int, isNull: Bool, _ column: Column, at index: Int) -> Bool {
        guard column.isNull(index) == isNull else { return false }
        return switch column.type {
        case .boolean: column.boolean(index) == (!isNull && row % 3 == 0)
        case .int, .date: column.value(index, as: Int32.self) == (isNull ? 0 : Int32(row))
        case .float: column.value(index, as: Float.self) == (isNull ? 0 : Float(row))
        case .long, .timestamp, .timestamptz: column.value(index, as: Int64.self) == (isNull ? 0 : Int64(row))
        case .double: column.value(index, as: Double.self) == (isNull ? 0 : Double(row))
        case .string, .binary:
            column.string(index) == (isNull ? "" : String(repeating: "é", count: row % 5) + "\(row)")
        }
    }

    /// Which rows are null, by pattern.
    private static let patterns: [@Sendable (Int) -> Bool] = [
        { _ in false }, { _ in true }, { $0 == 0 }, { $0 % 2 == 1 }, { $0 > 9 }, { $0 == 16 },
    ]

    @Test(arguments: ColumnType.allCases)
    func holdsEveryRowWithNullsAnywhere(_ type: ColumnType) {
        for isNull in Self.patterns {
            let column = Column(type, capacity: 1)
            for row in 0..<100 { append(row, isNull: isNull(row), to: column) }
            #expect(column.count == 100)
            #expect(column.nullCount == (0..<100).filter(isNull).count)
            for row in 0..<100 { #expect(holds(row, isNull: isNull(row), column, at: row)) }
        }
    }

    @Test(arguments: ColumnType.allCases)
    func truncationAtEveryRowIsAsIfTheRestNeverWere(_ type: ColumnType) {
        for isNull in Self.patterns {
            for length in 0...20 {
                let column = Column(type)
                for row in 0..<20 { append(row, isNull: isNull(row), to: column) }
                column.truncate(to: length)
                #expect(column.count == length)
                #expect(column.nullCount == (0..<length).filter(isNull).count)
                for row in length..<40 { append(row, isNull: !isNull(row), to: column) }
                for row in 0..<length { #expect(holds(row, isNull: isNull(row), column, at: row)) }
                for row in length..<40 { #expect(holds(row, isNull: !isNull(row), column, at: row)) }
            }
        }
    }

    @Test func bitsBehindTheLastRowAreZero() {
        for length in 0...17 {
            let column = Column(.boolean)
            for _ in 0..<17 { column.append(true) }
            column.appendNull()
            column.truncate(to: length)
            column.withBits { bits in #expect(bits.reduce(0) { $0 + $1.nonzeroBitCount } == length) }
            column.appendNull()
            column.withValidity { bits in
                #expect(bits?.reduce(0) { $0 + $1.nonzeroBitCount } == length)
                #expect(bits?.count == (length + 8) / 8)
            }
        }
    }

    @Test func thereIsNoBitmapWithoutANull() {
        let column = Column(.int)
        column.append(Int32(1))
        column.withValidity { #expect($0 == nil) }
        column.appendNull()
        column.truncate(to: 1)
        column.withValidity { #expect($0 == nil) }
    }

    @Test func showsValuesAndOffsetsInArrowsLayout() {
        let numbers = Column(.long)
        for value: Int64 in [1, -2] { numbers.append(value) }
        numbers.appendNull()
        numbers.withValues(as: Int64.self) { #expect(Array($0) == [1, -2, 0]) }
        let strings = Column(.string)
        strings.append("ab")
        strings.appendNull()
        strings.append("")
        strings.append("é")
        strings.withOffsetsAndBytes { offsets, bytes in
            #expect(Array(offsets) == [0, 2, 2, 2, 4])
            #expect(Array(bytes) == Array("abé".utf8))
        }
    }

    @Test(arguments: ColumnType.allCases)
    func takesRowsInAnyOrderAndMoreThanOnce(_ type: ColumnType) {
        for isNull in Self.patterns {
            let column = Column(type)
            for row in 0..<30 { append(row, isNull: isNull(row), to: column) }
            let rows = [29, 0, 7, 7, 16, 8]
            let taken = column.taking(rows)
            #expect(taken.count == rows.count)
            for (index, row) in rows.enumerated() { #expect(holds(row, isNull: isNull(row), taken, at: index)) }
            #expect(column.taking([]).count == 0)
        }
    }
}
