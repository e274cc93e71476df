import Testing

@testable import Parquet

@Suite struct CompactWriterTests {
    private func write(_ fields: (inout CompactWriter) -> Void) -> [UInt8] {
        var writer = CompactWriter()
        fields(&writer)
        return writer.bytes
    }

    @Test func fieldHeadersHoldTheStepFromTheLastID() {
        #expect(
            write {
                $0.field(1, Int32(1)); $0.field(16, Int32(-1))
            } == [0x15, 0x02, 0xF5, 0x01])
        // Sixteen steps on, the id stands on its own.
        #expect(
            write {
                $0.field(1, Int32(1)); $0.field(17, Int64(64))
            } == [0x15, 0x02, 0x06, 0x22, 0x80, 0x01])
    }

    @Test func booleansLieInTheirType() {
        #expect(
            write {
                $0.field(1, true); $0.field(2, false)
            } == [0x11, 0x12])
    }

    @Test func absentOptionalsLeaveNothing() {
        #expect(
            write {
                $0.field(1, Int32?.none)
                $0.field(2, [UInt8]?.none)
                $0.field(3, Bool?.none)
                $0.list(4, [Int64]?.none)
            } == [])
    }

    @Test func integersAreZigzag() {
        #expect(write { $0.field(1, Int64.min) } == [0x16] + Array(repeating: 0xFF, count: 9) + [0x01])
        #expect(write { $0.field(1, Int64.max) } == [0x16, 0xFE] + Array(repeating: 0xFF, count: 8) + [0x01])
        #expect(write { $0.field(1, Int16(-300)) } == [0x14, 0xD7, 0x04])
    }

    @Test func listsOfFifteenHaveALongHeader() {
        #expect(write { $0.list(1, [Int64](repeating: 1, count: 14)) }.prefix(2) == [0x19, 0xE6])
        #expect(write { $0.list(1, [Int64](repeating: 1, count: 15)) }.prefix(3) == [0x19, 0xF6, 15])
        #expect(write { $0.list(1, [true, false]) } == [0x19, 0x21, 1, 2])
        #expect(write { $0.list(1, [[1, 2], []] as [[UInt8]]) } == [0x19, 0x28, 2, 1, 2, 0])
    }

    @Test func structEndsWithAStopAndKeepsTheOuterID() {
        let location = PageLocation(offset: 4, compressedPageSize: 2, firstRowIndex: 0)
        #expect(
            write {
                $0.field(1, location); $0.field(2, Int32(0))
            }
                == [0x1C, 0x16, 8, 0x15, 4, 0x16, 0, 0, 0x15, 0])
    }
}
