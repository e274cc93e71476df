import TestSupport
import Testing

@testable import Parquet

@Suite struct BitPackingTests {
    private func pack(_ values: [UInt32], bitWidth: Int) -> [UInt8] {
        bytes { buffer in values.withUnsafeBufferPointer { BitPacking.append($0, bitWidth: bitWidth, to: &buffer) } }
    }

    @Test func exampleOfTheFormatIsPackedAsItSays() {
        #expect(pack([0, 1, 2, 3, 4, 5, 6, 7], bitWidth: 3) == [0b1000_1000, 0b1100_0110, 0b1111_1010])
    }

    @Test func lastGroupIsFilledUpWithZeros() {
        #expect(pack([1, 1, 1, 1, 1, 1, 1, 1, 1], bitWidth: 1) == [0xFF, 0x01])
        #expect(pack([], bitWidth: 7) == [])
    }

    @Test(arguments: 0...32) func everyBitWidthReadsBack(bitWidth: Int) {
        var random = SeededGenerator(seed: UInt64(bitWidth))
        let maximum = bitWidth == 32 ? UInt32.max : 1 << UInt32(bitWidth) - 1
        for count in [1, 7, 8, 9, 31, 32, 33, 64, 100] {
            var values = (0..<count).map { _ in UInt32.random(in: 0...maximum, using: &random) }
            values[count / 2] = maximum
            let packed = pack(values, bitWidth: bitWidth)
            #expect(packed.count == BitPacking.byteCount(values: count, bitWidth: bitWidth))
            #expect(HybridDecoder.unpack(packed, bitWidth: bitWidth, count: count) == values)
        }
    }

    @Test(arguments: [(0, 0), (1, 1), (2, 2), (3, 2), (255, 8), (256, 9), (UInt32.max, 32)])
    func widthHoldsTheMaximum(maximum: UInt32, bitWidth: Int) {
        #expect(BitPacking.bitWidth(ofMaximum: maximum) == bitWidth)
    }
}
