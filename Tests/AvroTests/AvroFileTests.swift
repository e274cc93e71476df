import TestSupport
import Testing

@testable import Avro

@Suite struct AvroFileTests {
    static let schema = Array(
        #"{"type":"record","name":"r","fields":[{"name":"n","type":"long","field-id":1},{"name":"s","type":"string"}]}"#
            .utf8)

    static func file(_ count: Int) -> [UInt8] {
        var writer = AvroFileWriter(schema: schema, metadata: [("k", "v")])
        for index in 0..<count {
            writer.record { encoder in
                encoder.long(index)
                encoder.string("row \(index)")
            }
        }
        return writer.finish()
    }

    static func rows(_ bytes: [UInt8]) throws(AvroError) -> [String] {
        var file = try AvroFileReader(bytes)
        var rows: [String] = []
        while let block = try file.nextBlock() {
            var decoder = AvroDecoder(block.bytes.span.bytes)
            for _ in 0..<block.count {
                let number = try decoder.long(.long)
                rows.append("\(number) \(try decoder.string(.string))")
            }
            try decoder.end()
        }
        return rows
    }

    @Test(arguments: [0, 1, 2, 20_000])
    func recordsComeBack(count: Int) throws {
        let bytes = Self.file(count)
        #expect(try Self.rows(bytes) == (0..<count).map { "\($0) row \($0)" })
        #expect(try AvroFileReader(bytes).text("k") == "v")
    }

    @Test func theHeaderIsLaidOutAsTheSpecificationSays() {
        var encoder = AvroEncoder()
        encoder.fixed([0x4F, 0x62, 0x6A, 0x01])
        encoder.long(3)
        for (key, value) in [("k", Array("v".utf8)), ("avro.schema", Self.schema), ("avro.codec", Array("null".utf8))] {
            encoder.string(key)
            encoder.data(value)
        }
        encoder.long(0)
        let bytes = Self.file(1)
        #expect(Array(bytes.prefix(encoder.bytes.count)) == encoder.bytes)
        let sync = Array(bytes[encoder.bytes.count..<encoder.bytes.count + 16])
        // one record of 7 bytes: 0, and "row 0" with its length
        #expect(Array(bytes.dropFirst(encoder.bytes.count + 16)) == [2, 14, 0, 10] + Array("row 0".utf8) + sync)
    }

    @Test func equalFilesAreEqualByteByByte() { #expect(Self.file(10) == Self.file(10)) }

    /// The sync marker at the end of each block tells a cut; only a cut right after the header or a block is none.
    @Test func everyTruncationIsRefusedOrEndsAtABlock() throws {
        let whole = Self.file(3)
        let header = Self.file(0)
        for length in 0..<whole.count where length != header.count {
            #expect(throws: AvroError.self, "cut to \(length) bytes") { try Self.rows(Array(whole[..<length])) }
        }
    }

    @Test(arguments: ["snappy", "zstandard", "made-up"])
    func otherCodecsAreRefusedAsUnsupported(codec: String) {
        var encoder = AvroEncoder()
        encoder.fixed(AvroFileReader.magic)
        encoder.long(2)
        encoder.string("avro.schema")
        encoder.data(Self.schema)
        encoder.string("avro.codec")
        encoder.string(codec)
        encoder.long(0)
        encoder.fixed(Array(repeating: 7, count: 16))
        let bytes = encoder.bytes
        #expect { try AvroFileReader(bytes) } throws: { ($0 as? AvroError)?.code == .unsupported }
    }

    @Test func mutatedFilesNeverTrap() {
        let whole = Self.file(40)
        var generator = SeededGenerator(seed: 42)
        for _ in 0..<4000 {
            var bytes = whole
            for _ in 0..<Int.random(in: 1...4, using: &generator) {
                bytes[Int.random(in: 0..<bytes.count, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
            }
            _ = try? Self.rows(bytes)
            Self.skipAll(bytes)
        }
    }

    private static func skipAll(_ bytes: [UInt8]) {
        do {
            var file = try AvroFileReader(bytes)
            while let block = try file.nextBlock() {
                var decoder = AvroDecoder(block.bytes.span.bytes)
                for _ in 0..<block.count { try decoder.skip(file.schema) }
            }
        } catch {
            // Refusing is as good as reading; only a trap would be wrong.
        }
    }
}
