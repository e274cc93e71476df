import Testing

@testable import Parquet

@Suite struct CompressorTests {
    private func compress(_ bytes: [UInt8], _ compression: Compression) throws -> [UInt8] {
        var compressor = Compressor(compression)
        var buffer = ByteBuffer()
        buffer.append(UInt8(0xAA))
        let size = try bytes.withUnsafeBytes { try compressor.append($0, to: &buffer) }
        #expect(buffer.count == size + 1)
        return Array(buffer.bytes.dropFirst())
    }

    @Test func snappyIsARawBlock() throws {
        // The length, then a literal of three bytes: no framing.
        #expect(try compress([1, 2, 3], .snappy) == [3, 2 << 2, 1, 2, 3])
        #expect(try compress([], .snappy) == [0])
    }

    @Test func zstdIsAFrame() throws {
        for level in [1, 3, 22] {
            let frame = try compress(Array(repeating: 7, count: 10_000), .zstd(level: level))
            #expect(frame.prefix(4) == [0x28, 0xB5, 0x2F, 0xFD])
            #expect(frame.count < 60)
        }
    }

    @Test func noneLeavesTheBytes() throws {
        #expect(try compress([3, 1, 2], .none) == [3, 1, 2])
    }

    @Test func noCompressionBeatsItsFloor() throws {
        let bytes = [UInt8](repeating: 0, count: 1 << 20)
        for compression in [Compression.none, .snappy, .zstd(level: 19)] {
            #expect(try compress(bytes, compression).count >= compression.smallestSize(of: bytes.count))
        }
    }
}
