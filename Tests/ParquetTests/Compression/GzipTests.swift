import Avro
import Parquet
import TestSupport
import Testing

@Suite struct GzipTests {
    @Test(arguments: [0, 1, 1000, 1_000_000]) func anotherReaderGetsTheBytesBack(count: Int) throws {
        var generator = SeededGenerator(seed: UInt64(count))
        for isRandom in [true, false] {
            let bytes = (0..<count).map { isRandom ? UInt8(truncatingIfNeeded: generator.next()) : UInt8($0 / 100 & 7) }
            let compressed = try #require(Gzip.compress(bytes))
            #expect(compressed[0...1] == [0x1F, 0x8B])
            #expect(try Inflater.inflate(compressed, .gzip) == bytes)
            if count > 500, !isRandom { #expect(compressed.count < count / 10) }
        }
    }
}
