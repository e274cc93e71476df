import Simulation
import Testing

@testable import swiftlake

@Suite struct SensorGainTests {
    /// Of these readings every one is bad or none, so that counts are plain.
    private let bad = SensorReadings(seed: 1, badRecordRate: 1)
    private let good = SensorReadings(seed: 1, badRecordRate: .max)

    private func lake(_ nextRecord: Int, _ nextDeadLetter: Int) -> SensorLake {
        SensorLake(nextRecord: nextRecord, nextDeadLetter: nextDeadLetter)
    }

    @Test func recordsPastTheWatermarkAreGained() {
        let gain = SensorGain(sent: 90..<120, before: lake(100, 0), good)
        #expect(gain.rows == 20 && gain.deadLetters == 0 && gain.passedOver == 10)
        #expect(gain.sentence.contains("20 rows and 0 dead letters were added; the lake had taken 10 sequence numbers"))
    }

    @Test func deadLettersOfAnEndedRunAreNotGainedAgain() {
        let gain = SensorGain(sent: 100..<120, before: lake(100, 105), bad)
        #expect(gain.rows == 0 && gain.deadLetters == 15 && gain.earlierDeadLetters == 5)
        #expect(gain.sentence.contains("0 rows and 15 dead letters were added"))
        #expect(gain.sentence.hasSuffix("; 5 dead letters had been written before."))
    }

    @Test func aReplayGainsNothing() {
        let gain = SensorGain(sent: 0..<50, before: lake(100, 40), bad)
        #expect(gain.rows == 0 && gain.deadLetters == 0 && gain.passedOver == 50)
        #expect(gain.sentence.hasPrefix("Nothing was added"))
    }
}
