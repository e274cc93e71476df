@testable import Lake
import TestSupport
import Testing

@Suite("Rate of change")
struct RateOfChangeTests {
    private let perUs: Int64 = 60_000_000

    @Test("a change within the rule's time counts in full, a slower one by its share")
    func scaled() {
        var last = RateOfChange(timeUs: 0, value: 10)
        #expect(last.take(40, at: 1, perUs: perUs)?.scaled == 30)
        #expect(last.take(10, at: 60_000_001, perUs: perUs)?.scaled == -30)
        #expect(last.take(40, at: 180_000_001, perUs: perUs)?.scaled == 15)
    }

    @Test("readings of the same time and of earlier ones are compared with nothing")
    func outOfOrder() {
        var last = RateOfChange(timeUs: 100, value: 1)
        #expect(last.take(99, at: 100, perUs: perUs) == nil)
        #expect(last.take(99, at: 50, perUs: perUs) == nil)
        #expect(last == RateOfChange(timeUs: 100, value: 1))
        #expect(last.take(3, at: 101, perUs: perUs)?.before == 1)
    }

    @Test("a clock that is put back is followed")
    func clockPutBack() {
        let start = RateOfChange.clockStepUs * 3
        var last = RateOfChange(timeUs: start, value: 1)
        #expect(last.take(5, at: start - RateOfChange.clockStepUs, perUs: perUs) == nil)
        #expect(last.value == 1)
        #expect(last.take(5, at: start - RateOfChange.clockStepUs - 1, perUs: perUs) == nil)
        #expect(last.value == 5)
    }

    @Test("differences beyond all numbers are above every bound")
    func huge() {
        var last = RateOfChange(timeUs: 0, value: -Double.greatestFiniteMagnitude)
        #expect(last.take(.greatestFiniteMagnitude, at: 1, perUs: perUs)?.scaled == .infinity)
    }

    @Test("agrees with a reference that keeps all readings")
    func reference() {
        var numbers = SeededGenerator(seed: 7)
        var all: [(timeUs: Int64, value: Double)] = [(0, 0)]
        var last = RateOfChange(timeUs: 0, value: 0)
        for _ in 0..<2000 {
            let timeUs = all[all.count - 1].timeUs + Int64.random(in: -30_000_000...120_000_000, using: &numbers)
            let value = Double.random(in: -50...50, using: &numbers)
            let change = last.take(value, at: timeUs, perUs: perUs)
            let before = all[all.count - 1]
            guard timeUs > before.timeUs else {
                #expect(change == nil)
                continue
            }
            // How much of the change falls into the rule's time, if it is spread evenly.
            let perSecond = (value - before.value) / (Double(timeUs - before.timeUs) / 1e6)
            let expected = perSecond * min(60, Double(timeUs - before.timeUs) / 1e6)
            #expect(abs((change?.scaled ?? .nan) - expected) < 1e-9)
            all.append((timeUs, value))
        }
    }
}
