import Testing

@testable import LambdaRuntime

struct EventBufferTests {
    @Test func bytesAreKeptAcrossGrowth() {
        let buffer = EventBuffer(capacity: 0)
        var expected: [UInt8] = []
        for round in 0..<100 {
            let piece = [UInt8](repeating: UInt8(round), count: round)
            piece.withUnsafeBytes { buffer.append($0) }
            expected += piece
        }
        #expect(buffer.withUnsafeBytes { Array($0) } == expected && buffer.count == expected.count)
    }

    @Test func whatDecodersKeepLiesAfterTheEvent() {
        let buffer = EventBuffer([1, 2, 3])
        let first = buffer.keep([4, 5])
        let second = buffer.keep([UInt8](repeating: 6, count: 10_000))
        #expect(first == 3..<5 && second == 5..<10_005)
        #expect(ByteView(buffer, ByteRange(3, 5)).copy == [4, 5])
        #expect(buffer.count == 3 && buffer.bytes.byteCount == 3)
    }

    @Test func viewsAreEqualByTheirBytes() {
        let one = ByteView(copying: Array("abc".utf8))
        let other = ByteView(EventBuffer(Array("xabcx".utf8)), ByteRange(1, 4))
        #expect(one == other && one == "abc" && other.string == "abc" && other.count == 3)
        #expect(one != ByteView(copying: Array("abd".utf8)) && ByteView(copying: []).isEmpty)
        #expect(ByteView(copying: [0xFF]).string == "\u{FFFD}")
    }
}
