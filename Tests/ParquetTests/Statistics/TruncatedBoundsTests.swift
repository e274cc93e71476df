import Columnar
import Testing

@testable import Parquet

@Suite struct TruncatedBoundsTests {
    private func text(_ minimum: String, _ maximum: String, length: Int) -> TruncatedBounds {
        TruncatedBounds(
            .bytes(minimum: Array(minimum.utf8), maximum: Array(maximum.utf8)), type: .string, length: length)
    }

    @Test func shortStringsAreExact() {
        let bounds = text("abc", "abd", length: 3)
        #expect(bounds.minimum == Array("abc".utf8) && bounds.isMinimumExact)
        #expect(bounds.maximum == Array("abd".utf8) && bounds.isMaximumExact)
    }

    @Test func longMinimumIsCutAndLongMaximumIncremented() {
        let bounds = text("abcd", "abcd", length: 3)
        #expect(bounds.minimum == Array("abc".utf8) && !bounds.isMinimumExact)
        #expect(bounds.maximum == Array("abd".utf8) && !bounds.isMaximumExact)
    }

    @Test func codePointsAreNotTorn() {
        let bounds = text("aää", "aää", length: 4)
        #expect(bounds.minimum == Array("aä".utf8))
        #expect(bounds.maximum == Array("aå".utf8))
        #expect(text("€uro", "€uro", length: 2).minimum == [])
        #expect(text("€uro", "€uro", length: 2).maximum == Array("€uro".utf8))
    }

    @Test(arguments: [
        ("\u{7F}x", nil), ("a\u{7F}x", "b"), ("a\u{7FF}x", "b"), ("\u{D7FF}x", "\u{E000}"), ("\u{FFFF}x", nil),
        ("\u{10FFFF}x", nil), ("a\u{10FFFF}\u{10FFFF}x", "b"), ("\u{0}x", "\u{1}"),
    ])
    func maximumStepsOverWhatHasNoSuccessor(maximum: String, expected: String?) {
        let bounds = text("", maximum, length: maximum.utf8.count - 1)
        #expect(bounds.maximum == Array((expected ?? maximum).utf8))
        #expect(bounds.isMaximumExact == (expected == nil))
    }

    @Test func binariesCountInBytes() {
        let bounds = TruncatedBounds(
            .bytes(minimum: [0xC3, 0xA4, 1], maximum: [1, 0xFF, 0xFF, 2]), type: .binary, length: 1)
        #expect(bounds.minimum == [0xC3])
        #expect(bounds.maximum == [2])
        let highest = TruncatedBounds(
            .bytes(minimum: [], maximum: [0xFF, 0xFF, 0xFF]), type: .binary, length: 2)
        #expect(highest.maximum == [0xFF, 0xFF, 0xFF] && highest.isMaximumExact)
    }

    @Test func longMaximumWithoutASuccessorIsLeftOut() {
        for (length, isThere) in [(TruncatedBounds.longestWhole, true), (TruncatedBounds.longestWhole + 1, false)] {
            let value = [UInt8](repeating: 0xFF, count: length)
            let bounds = TruncatedBounds(.bytes(minimum: value, maximum: value), type: .binary, length: 64)
            #expect((bounds.maximum != nil) == isThere && bounds.isMaximumExact == isThere)
            #expect(bounds.minimum.count == 64)
        }
    }

    @Test func zerosHaveTheWiderSign() {
        for type in [ColumnType.float, .double] {
            let plus = TruncatedBounds(.fixed(minimum: 0, maximum: 5), type: type, length: 1)
            #expect(plus.minimum == type.plain(ofKey: -1) && plus.minimum.last == 0x80)
            let minus = TruncatedBounds(.fixed(minimum: -5, maximum: -1), type: type, length: 1)
            #expect(minus.maximum == [UInt8](repeating: 0, count: type == .float ? 4 : 8))
        }
        let long = TruncatedBounds(.fixed(minimum: 0, maximum: -1), type: .long, length: 1)
        #expect(long.minimum == [UInt8](repeating: 0, count: 8))
        #expect(long.maximum == [UInt8](repeating: 0xFF, count: 8))
    }
}
