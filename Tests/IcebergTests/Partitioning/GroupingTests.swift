import Columnar
import TestSupport
import Testing

@testable import Iceberg

@Suite struct GroupingTests {
    static let schema = Schema(
        schemaID: 0,
        fields: [
            NestedField(id: 1, name: "n", type: .long), NestedField(id: 2, name: "t", type: .timestamp),
            NestedField(id: 3, name: "s", type: .string), NestedField(id: 4, name: "d", type: .double),
            NestedField(id: 5, name: "b", type: .boolean), NestedField(id: 6, name: "day", type: .date),
            NestedField(id: 7, name: "i", type: .int), NestedField(id: 8, name: "f", type: .float),
            NestedField(id: 9, name: "y", type: .binary),
        ])

    static func batch(_ rows: Int, seed: UInt64, spread: Int64 = 20) throws -> RecordBatch {
        var generator = SeededGenerator(seed: seed)
        let batch = RecordBatch(try schema.columns())
        for _ in 0..<rows {
            for (field, column) in zip(batch.fields, batch.columns) {
                if Int.random(in: 0..<8, using: &generator) == 0 {
                    column.appendNull()
                    continue
                }
                let value = Int64.random(in: -spread...spread, using: &generator)
                switch field.type {
                case .long: column.append(value)
                case .timestamp, .timestamptz: column.append(value &* 1_800_000_000)
                case .string: column.append(String(repeating: "é", count: Int(value & 3)) + "\(value)")
                case .binary: [UInt8(truncatingIfNeeded: value), 7].withUnsafeBytes { _ = column.append(bytes: $0) }
                case .double: column.append(Double(value) / 4)
                case .float: column.append(value == 0 ? -0.0 : Float(value))
                case .boolean: column.append(value > 0)
                case .date, .int: column.append(Int32(value))
                }
            }
            batch.finishRow()
        }
        return batch
    }

    static let specs: [[(Int, Transform)]] = [
        [], [(1, .identity)], [(2, .hour)], [(3, .identity)], [(4, .identity)], [(5, .identity)], [(8, .identity)],
        [(9, .truncate(width: 1))], [(3, .truncate(width: 2)), (5, .identity)], [(1, .bucket(count: 4)), (2, .day)],
        [(6, .month), (6, .year), (7, .truncate(width: 7))],
        [(3, .bucket(count: 3)), (9, .bucket(count: 2)), (1, .void)],
        [(2, .void)],
    ]

    /// Each row's tuple by single values is the reference.
    @Test(arguments: specs.indices)
    func rowsAreGroupedByTheirTuplesInTheOrderTheyAppear(index: Int) throws {
        let fields = Self.specs[index].enumerated().map { position, field in
            PartitionField(sourceID: field.0, fieldID: 1000 + position, name: "p\(position)", transform: field.1)
        }
        let spec = PartitionSpec(specID: 0, fields: fields)
        for seed in 0..<5 as Range<UInt64> {
            let batch = try Self.batch(300, seed: seed)
            var expected: [(tuple: [Datum?], rows: [Int])] = []
            for row in 0..<batch.count {
                let tuple = try fields.map { field in
                    try field.transform.apply(batch.columns[field.sourceID - 1].datum(row))
                }
                if let group = expected.firstIndex(where: { $0.tuple == tuple }) {
                    expected[group].rows.append(row)
                } else {
                    expected.append((tuple, [row]))
                }
            }
            let groups = try spec.partition(batch, schema: Self.schema)
            #expect(groups.map(\.tuple) == expected.map(\.tuple))
            #expect(groups.map(\.rows) == expected.map(\.rows))
        }
    }

    @Test func rowsOfOneHourAreOneGroup() throws {
        let batch = RecordBatch([Field(name: "t", type: .timestamp, id: 2)])
        for minute in 0..<60 as Range<Int64> {
            batch.columns[0].append(minute * 60_000_000 - 3_600_000_000)
            batch.finishRow()
        }
        let field = PartitionField(sourceID: 2, fieldID: 1000, name: "t_hour", transform: .hour)
        let groups = try PartitionSpec(specID: 0, fields: [field]).partition(batch, schema: Self.schema)
        #expect(groups.map(\.tuple) == [[.int(-1)]])
        #expect(groups.map(\.rows) == [Array(0..<60)])
    }

    @Test func noRowsAreNoGroups() throws {
        let batch = RecordBatch(try Self.schema.columns())
        #expect(try PartitionSpec.unpartitioned.partition(batch, schema: Self.schema).isEmpty)
    }

    @Test func missingColumnsAndUnknownTransformsAreRefused() throws {
        let batch = try Self.batch(3, seed: 1)
        func code(_ sourceID: Int, _ transform: Transform) -> IcebergError.Code? {
            let field = PartitionField(sourceID: sourceID, fieldID: 1000, name: "p", transform: transform)
            do throws(IcebergError) {
                _ = try PartitionSpec(specID: 0, fields: [field]).partition(batch, schema: Self.schema)
                return nil
            } catch {
                return error.code
            }
        }
        #expect(code(99, .identity) == .invalid)
        #expect(code(1, .hour) == .invalid)
        #expect(code(1, .unknown("zorder")) == .unsupported)
        #expect(code(99, .void) == nil)
    }
}

@Suite struct SortOrderTests {
    static let orders: [[(Int, Transform, SortOrder.Direction, SortOrder.NullOrder)]] = [
        [(1, .identity, .ascending, .first)], [(1, .identity, .descending, .last)], [(3, .identity, .ascending, .last)],
        [(3, .truncate(width: 1), .descending, .first), (2, .hour, .ascending, .last)],
        [(5, .identity, .descending, .first), (4, .identity, .ascending, .first)],
        [(7, .bucket(count: 5), .ascending, .last), (8, .identity, .descending, .last)],
        [(9, .identity, .ascending, .first), (6, .year, .ascending, .first)],
    ]

    /// A stable sort by single values is the reference.
    @Test(arguments: orders.indices)
    func rowsAreSortedStably(index: Int) throws {
        let order = SortOrder(
            orderID: 1,
            fields: Self.orders[index].map {
                SortOrder.Field(sourceID: $0.0, transform: $0.1, direction: $0.2, nullOrder: $0.3)
            })
        let batch = try GroupingTests.batch(200, seed: UInt64(index))
        func precedes(_ left: Int, _ right: Int) throws -> Bool {
            for field in order.fields {
                let column = batch.columns[field.sourceID - 1]
                let values = (
                    try field.transform.apply(column.datum(left)), try field.transform.apply(column.datum(right))
                )
                switch values {
                case (nil, nil): continue
                case (nil, _): return field.nullOrder == .first
                case (_, nil): return field.nullOrder == .last
                case (let left?, let right?):
                    if left.precedes(right) { return field.direction == .ascending }
                    if right.precedes(left) { return field.direction == .descending }
                }
            }
            return left < right
        }
        let expected = try (0..<batch.count).sorted(by: precedes)
        #expect(try order.sortedRows(of: batch, schema: GroupingTests.schema) == expected)
        let sorted = batch.taking(expected)
        #expect(try order.sortedRows(of: sorted, schema: GroupingTests.schema) == nil)
    }

    @Test func unsortedIsNothingToDo() throws {
        let batch = try GroupingTests.batch(10, seed: 3)
        #expect(try SortOrder.unsorted.sortedRows(of: batch, schema: GroupingTests.schema) == nil)
    }

    @Test func floatsAreInTheOrderOfTheSpec() throws {
        let values: [Double] = [-.nan, -.infinity, -1, -0.0, 0.0, 1, .infinity, .nan]
        let batch = RecordBatch([Field(name: "d", type: .double, id: 4)])
        for value in values.reversed() {
            batch.columns[0].append(value)
            batch.finishRow()
        }
        let field = SortOrder.Field(sourceID: 4, transform: .identity, direction: .ascending, nullOrder: .first)
        let rows = try SortOrder(orderID: 1, fields: [field]).sortedRows(of: batch, schema: GroupingTests.schema)
        #expect(rows == Array((0..<values.count).reversed()))
    }
}
