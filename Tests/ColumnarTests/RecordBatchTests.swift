import Testing

@testable import Columnar

@Suite struct RecordBatchTests {
    private let fields = [
        Field(name: "id", type: .long, isRequired: true, id: 1), Field(name: "name", type: .string, id: 2),
        Field(name: "isOn", type: .boolean, id: 3),
    ]

    private func filled(_ rows: Int) -> RecordBatch {
        let batch = RecordBatch(fields, capacity: 2)
        for row in 0..<rows {
            batch.columns[0].append(Int64(row))
            if row % 3 == 0 { batch.columns[1].appendNull() } else { batch.columns[1].append("n\(row)") }
            batch.columns[2].append(row % 2 == 0)
            batch.finishRow()
        }
        return batch
    }

    @Test func abandoningARowAtEveryColumnLeavesTheRest() {
        for appended in 0...3 {
            let batch = filled(9)
            if appended > 0 { batch.columns[0].append(Int64(99)) }
            if appended > 1 { batch.columns[1].appendNull() }
            if appended > 2 { batch.columns[2].append(true) }
            batch.abandonRow()
            #expect(batch.count == 9)
            #expect(batch.columns.allSatisfy { $0.count == 9 })
            #expect(batch.columns[1].nullCount == 3)
            #expect(batch.columns[1].string(8) == "n8")
        }
    }

    @Test func truncatesAllColumns() {
        let batch = filled(9)
        batch.truncate(to: 20)
        #expect(batch.count == 9)
        batch.truncate(to: 4)
        #expect(batch.count == 4)
        #expect(batch.columns.allSatisfy { $0.count == 4 })
        #expect(batch.columns[1].nullCount == 2)
    }

    @Test func takesRowsOfAllColumns() {
        let taken = filled(9).taking([8, 0, 4])
        #expect(taken.count == 3)
        #expect((0..<3).map { taken.columns[0].value($0, as: Int64.self) } == [8, 0, 4])
        #expect(taken.column(named: "name")?.isNull(1) == true)
        #expect(taken.column(named: "isOn")?.boolean(2) == true)
        #expect(taken.column(named: "other") == nil)
    }
}
