import Testing

@testable import swiftlake

@Suite struct LostOffsetsTests {
    @Test func whatTheClusterStillHasIsNotLost() {
        #expect(LostOffsets("a-0", next: 0, low: 0) == nil)
        #expect(LostOffsets("a-0", next: 10, low: 3) == nil)
    }

    @Test func offsetsThatWereDroppedAreNamed() {
        #expect(
            LostOffsets("a-0", next: 10, low: 2_010)?.sentence
                == "a-0: the cluster has dropped offsets 10 to 2009 before they were taken: up to 2,000 records missing"
        )
        #expect(LostOffsets("a-0", next: 0, low: 1)?.sentence.hasSuffix("up to 1 record missing") == true)
    }
}
