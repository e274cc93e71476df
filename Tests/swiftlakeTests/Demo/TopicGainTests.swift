import Simulation
import Testing

@testable import swiftlake

@Suite struct TopicGainTests {
    private let trades = TradeRecords(seed: 1, badRecordRate: 10)

    private func gain(_ sent: Range<Int>, _ before: TopicProgress = TopicProgress()) -> TopicGain {
        TopicGain(trades.topic, isBad: trades.isBad, sent: sent, before: before)
    }

    @Test func anEmptyLakeTakesEverything() {
        let bad = (0..<300).count(where: trades.isBad)
        let gain = gain(0..<300)
        #expect(bad > 0 && gain.good == 300 - bad && gain.deadLetters == bad)
        #expect(gain.passedOver == 0 && gain.earlierDeadLetters == 0)
    }

    @Test func whatTheLakeHasIsPassedOverByPartition() {
        let before = TopicProgress(next: [0: 100, 1: 40])
        let gain = gain(0..<300, before)
        #expect(gain.passedOver == 140)
        #expect(gain.good + gain.deadLetters == 160)
        #expect(before.nextRecord(of: trades.topic) == 2)
    }

    @Test func lettersOfAnEndedRunAreNotExpectedAgain() {
        let before = TopicProgress(next: [0: 10, 1: 10, 2: 10], nextDeadLetter: [0: 50, 1: 50, 2: 50])
        let gain = gain(30..<300, before)
        #expect(gain.earlierDeadLetters == (30..<150).count(where: trades.isBad))
        #expect(gain.deadLetters == (150..<300).count(where: trades.isBad))
    }

    @Test func progressGoesToTheRecordThatComesNext() {
        let progress = TopicProgress(next: [0: 10]).advanced(to: 8, of: trades.topic)
        #expect(progress.next == [0: 10, 1: 3, 2: 2])
        #expect(progress.nextRecord(of: trades.topic) == 7 + 1)
        #expect(TopicProgress().advanced(to: 0, of: trades.topic).next == [0: 0, 1: 0, 2: 0])
    }
}
