import Testing

@testable import Avro

@Suite struct AvroDecoderTests {
    /// The examples of the specification, and the ends of the range.
    @Test(
        arguments: [
            (0, [0x00]), (-1, [0x01]), (1, [0x02]), (-2, [0x03]), (2, [0x04]), (-64, [0x7F]),
            (64, [0x80, 0x01]), (8192, [0x80, 0x80, 0x01]),
            (.max, [0xFE, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01]),
            (.min, [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01]),
        ] as [(Int64, [UInt8])])
    func numbersAreZigZag(value: Int64, bytes: [UInt8]) throws {
        var encoder = AvroEncoder()
        encoder.long(value)
        #expect(encoder.bytes == bytes)
        var decoder = AvroDecoder(bytes.span.bytes)
        #expect(try decoder.long(.long) == value)
        try decoder.end()
    }

    @Test func numbersOfMoreThan64BitsAreRefused() {
        let bytes: [UInt8] = Array(repeating: 0xFF, count: 9) + [0x02]
        #expect(throws: AvroError.self) {
            var decoder = AvroDecoder(bytes.span.bytes)
            _ = try decoder.varint()
        }
    }

    @Test func anIntMustFit32Bits() {
        var encoder = AvroEncoder()
        encoder.long(Int64(Int32.max) + 1)
        let bytes = encoder.bytes
        #expect(throws: AvroError.self) {
            var decoder = AvroDecoder(bytes.span.bytes)
            _ = try decoder.long(.int)
        }
    }

    @Test func scalarsComeBack() throws {
        var encoder = AvroEncoder()
        encoder.boolean(true)
        encoder.float(1.5)
        encoder.double(-0.1)
        encoder.string("é")
        encoder.data([1, 2, 3])
        encoder.fixed([9, 8])
        #expect(encoder.bytes.prefix(5) == [1, 0, 0, 0xC0, 0x3F])
        let bytes = encoder.bytes
        var decoder = AvroDecoder(bytes.span.bytes)
        #expect(try decoder.boolean(.boolean))
        #expect(try decoder.float(.float) == 1.5)
        #expect(try decoder.double(.double) == -0.1)
        #expect(try decoder.string(.string) == "é")
        #expect(try decoder.data(.bytes) == [1, 2, 3])
        #expect(try decoder.data(.fixed(size: 2)) == [9, 8])
        try decoder.end()
    }

    @Test func aUnionTellsItsBranchInEitherOrder() throws {
        for (branches, index) in [([AvroSchema.null, .long], 1), ([.long, .null], 0)] {
            var encoder = AvroEncoder()
            encoder.long(index)
            encoder.long(5)
            encoder.long(1 - index)
            let bytes = encoder.bytes
            var decoder = AvroDecoder(bytes.span.bytes)
            let type = try #require(try decoder.present(.union(branches)))
            #expect(try decoder.long(type) == 5)
            #expect(try decoder.present(.union(branches)) == nil)
        }
    }

    @Test func aNullWhereAValueIsRequiredIsRefused() {
        let bytes: [UInt8] = [0]
        #expect(throws: AvroError.self) {
            var decoder = AvroDecoder(bytes.span.bytes)
            _ = try decoder.long(.union([.null, .long]))
        }
    }

    @Test func aBlockWithItsLengthIsRead() throws {
        // -2 elements, 2 bytes, then the elements and the end
        let bytes: [UInt8] = [0x03, 0x04, 0x02, 0x04, 0x00]
        var decoder = AvroDecoder(bytes.span.bytes)
        #expect(try decoder.blockCount(of: .long) == 2)
        #expect(try decoder.long(.long) == 1)
        #expect(try decoder.long(.long) == 2)
        #expect(try decoder.blockCount(of: .long) == 0)
    }

    @Test(arguments: [
        [UInt8(0x7E), 0x00], [0x01], [0x01, 0x7E], [0x01, 0x01],
        [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01, 0x00],
    ])
    func forgedCountsAreRefused(bytes: [UInt8]) {
        #expect(throws: AvroError.self) {
            var decoder = AvroDecoder(bytes.span.bytes)
            _ = try decoder.blockCount(of: .long)
        }
    }

    @Test(arguments: [[UInt8(0x08), 1, 2], [0x01], [0x80]])
    func lengthsThatPassTheEndAreRefused(bytes: [UInt8]) {
        #expect(throws: AvroError.self) {
            var decoder = AvroDecoder(bytes.span.bytes)
            _ = try decoder.data(.bytes)
        }
    }

    @Test func textMustBeUTF8() {
        let bytes: [UInt8] = [0x04, 0xC3, 0x28]
        #expect(throws: AvroError.self) {
            var decoder = AvroDecoder(bytes.span.bytes)
            _ = try decoder.string(.string)
        }
    }

    @Test func aValueOfAnotherKindIsRefused() {
        let bytes: [UInt8] = [0x02, 0x02]
        #expect(throws: AvroError.self) {
            var decoder = AvroDecoder(bytes.span.bytes)
            _ = try decoder.string(.long)
        }
        #expect(throws: AvroError.self) {
            var decoder = AvroDecoder(bytes.span.bytes)
            _ = try decoder.long(.string)
        }
    }
}
