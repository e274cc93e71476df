import Parquet
import TestSupport
import Testing

@Suite struct GzipDecompressionTests {
    private static let text = Array("{\"id\":7,\"cpu\":0.5}\n".utf8)

    private func bytes(_ count: Int) -> [UInt8] { (0..<count).map { UInt8($0 / 100 & 7) } }

    @Test(arguments: [0, 1, 1000, 65_536, 300_000]) func whatWasCompressedComesBack(count: Int) throws {
        let bytes = bytes(count)
        #expect(try Gzip.decompress(try #require(Gzip.compress(bytes)), atMost: count) == bytes)
    }

    @Test func membersFollowOneAnother() throws {
        let member = try #require(Gzip.compress(Self.text))
        #expect(try Gzip.decompress(member + member, atMost: 1000) == Self.text + Self.text)
        #expect(throws: GzipError.malformed) { try Gzip.decompress(member + [0], atMost: 1000) }
    }

    @Test func moreThanTheLimitIsRefusedWhereverItIsPassed() throws {
        // A hundred million zeros in a hundred thousand bytes.
        let bomb = try #require(Gzip.compress([UInt8](repeating: 0, count: 100_000_000)))
        #expect(bomb.count < 1_000_000)
        #expect(throws: GzipError.tooLarge) { try Gzip.decompress(bomb, atMost: 4 << 20) }
        let member = try #require(Gzip.compress(Self.text))
        #expect(throws: GzipError.tooLarge) { try Gzip.decompress(member, atMost: Self.text.count - 1) }
        #expect(throws: GzipError.tooLarge) { try Gzip.decompress(member + member, atMost: Self.text.count * 2 - 1) }
    }

    @Test func everyTruncationAndEveryFlippedBitOfTheChecksumIsRefused() throws {
        let member = try #require(Gzip.compress(Self.text))
        for length in 0..<member.count {
            #expect(throws: GzipError.malformed) { try Gzip.decompress(Array(member[..<length]), atMost: 1000) }
        }
        for place in member.count - 8..<member.count {
            for bit in 0..<8 {
                var changed = member
                changed[place] ^= 1 << UInt8(bit)
                #expect(throws: GzipError.malformed) { try Gzip.decompress(changed, atMost: 1000) }
            }
        }
    }

    @Test func mutatedBytesNeverTrap() throws {
        let member = try #require(Gzip.compress(bytes(2000)))
        var random = SeededGenerator(seed: 3)
        for _ in 0..<3000 {
            var changed = member
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                changed[Int.random(in: 0..<changed.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            let result = try? Gzip.decompress(changed, atMost: 4000)
            #expect(result?.count ?? 0 <= 4000)
        }
    }
}
