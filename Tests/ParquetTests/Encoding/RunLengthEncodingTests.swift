import TestSupport
import Testing

@testable import Parquet

@Suite struct RunLengthEncodingTests {
    private func encode(_ values: [UInt32], bitWidth: Int) -> [UInt8] {
        bytes { buffer in
            values.withUnsafeBufferPointer { RunLengthEncoding.append($0, bitWidth: bitWidth, to: &buffer) }
        }
    }

    @Test func longRunIsItsLengthAndValue() {
        #expect(encode(Array(repeating: 1, count: 100), bitWidth: 1) == [0xC8, 0x01, 0x01])
        #expect(encode(Array(repeating: 0x1234, count: 40), bitWidth: 13) == [80, 0x34, 0x12])
    }

    @Test func changingValuesAreBitPacked() {
        #expect(encode([0, 1, 2, 3, 4, 5, 6, 7], bitWidth: 3) == [0x03, 0x88, 0xC6, 0xFA])
    }

    @Test func groupBeforeARunIsFilledFromIt() {
        let values: [UInt32] = [1, 2, 3] + Array(repeating: 7, count: 50)
        // One group: 1, 2, 3 and five of the sevens; then 45 sevens as a run.
        #expect(encode(values, bitWidth: 8) == [0x03, 1, 2, 3, 7, 7, 7, 7, 7, 90, 7])
    }

    @Test func nothingIsNothing() { #expect(encode([], bitWidth: 5) == []) }

    @Test(arguments: 0...32) func everyBitWidthReadsBack(bitWidth: Int) {
        var random = SeededGenerator(seed: UInt64(bitWidth) + 100)
        let maximum = bitWidth == 32 ? UInt32.max : 1 << UInt32(bitWidth) - 1
        for _ in 0..<40 {
            var values: [UInt32] = []
            for _ in 0..<Int.random(in: 1...12, using: &random) {
                let value = UInt32.random(in: 0...maximum, using: &random)
                values += Array(repeating: value, count: Int.random(in: 1...40, using: &random))
                values += (0..<Int.random(in: 0...20, using: &random)).map { _ in
                    .random(in: 0...maximum, using: &random)
                }
            }
            let encoded = encode(values, bitWidth: bitWidth)
            #expect(HybridDecoder.decode(encoded, bitWidth: bitWidth, count: values.count) == values)
        }
    }

    @Test(arguments: 1...32) func neverMuchLongerThanBitPackedAlone(bitWidth: Int) {
        var random = SeededGenerator(seed: UInt64(bitWidth) + 200)
        for run in 1...64 {
            var values: [UInt32] = []
            while values.count < 640 {
                values += Array(repeating: UInt32.random(in: 0...1, using: &random), count: run)
            }
            let packed = BitPacking.byteCount(values: values.count, bitWidth: bitWidth)
            #expect(encode(values, bitWidth: bitWidth).count <= packed + 4)
        }
    }
}
