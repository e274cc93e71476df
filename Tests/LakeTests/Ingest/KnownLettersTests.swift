import Iceberg
import Testing

@testable import Lake

@Suite("KnownLetters")
struct KnownLettersTests {
    static func offsets(_ range: some Sequence<Int>) -> [SourceOffset] { range.map { SourceOffset(UInt64($0)) } }

    @Test func knowsWhatIsListedAndNothingBetween() {
        var known = KnownLetters()
        known.add(Self.offsets([5, 9]), ofBatchFrom: SourceOffset(5))
        known.add(Self.offsets([3]), ofBatchFrom: SourceOffset(3))
        let read = KnownLetters(parsing: known.text)
        #expect(read == known && read.covered == nil)
        #expect(Self.offsets(0..<12).filter(read.contains) == Self.offsets([3, 5, 9]))
    }

    @Test func aBatchWithTooManyLettersIsKnownAsAWholeUntilTheSourceGoesOn() {
        var known = KnownLetters()
        known.add(Self.offsets(10..<5_000), ofBatchFrom: SourceOffset(10))
        #expect(known.text.utf8.count < 2 * KnownLetters.longestList)
        #expect(Self.offsets(10..<5_000).allSatisfy(known.contains))
        #expect(!known.contains(SourceOffset(9)) && !known.contains(SourceOffset(5_000)))
        // The same batch again, cut longer: what is in the range stays known.
        known.add(Self.offsets(5_000..<5_003), ofBatchFrom: SourceOffset(20))
        #expect(Self.offsets(10..<5_003).allSatisfy(known.contains))
        known.add(Self.offsets([6_000]), ofBatchFrom: SourceOffset(6_000))
        #expect(known.covered == nil && known.contains(SourceOffset(6_000)) && !known.contains(SourceOffset(10)))
    }

    @Test(arguments: [
        nil, "", "x", "[]", "{}", #"{"offsets":5}"#, #"{"offsets":["-1",7,null]}"#, #"{"covered":["9","5"]}"#,
        #"{"covered":["9"]}"#,
    ])
    func ofDamageNothingIsKnown(text: String?) {
        #expect(KnownLetters(parsing: text) == KnownLetters())
    }
}
