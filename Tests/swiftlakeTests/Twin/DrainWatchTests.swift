import Testing

@testable import swiftlake

@Suite struct DrainWatchTests {
    /// What a watch says to looks at times in milliseconds, one after the other.
    private func looks(_ looks: [(isOver: Bool, nowMs: Int64)]) -> [Bool] {
        var watch = DrainWatch()
        return looks.map { watch.look(isOver: $0.isOver, nowMs: $0.nowMs) }
    }

    @Test func endsAreBelievedOnceTheyWereAskedAnew() {
        let said = looks([(false, 5_000), (true, 5_100), (true, 6_099), (true, 6_100), (true, 9_000)])
        #expect(said == [false, false, false, true, true])
    }

    @Test func whatIsPutAgainBeginsTheWaitAnew() {
        #expect(looks([(true, 0), (false, 2_000), (true, 2_100), (true, 3_100)]) == [false, false, false, true])
    }
}
