@testable import Lake
import Testing

@Suite("Detection of silence")
struct SilenceDetectorTests {
    typealias Support = AlertSupport
    typealias Seen = SilenceDetector.Seen

    private func seen(_ arrivals: [String: Int64]) -> [String: Seen] {
        arrivals.mapValues { Seen(arrivalMs: $0, shard: "shard") }
    }

    @Test("a silence is told once, and another one after a reading and the cool-down")
    func once() {
        var detector = SilenceDetector(Support.rules(Support.silence(afterMs: 1000), cooldownMs: 5000))
        #expect(detector.find(among: seen(["a": 0]), nowMs: 1000).isEmpty)
        #expect(detector.find(among: seen(["a": 0]), nowMs: 1001).map(\.key) == ["a"])
        #expect(detector.find(among: seen(["a": 0]), nowMs: 99_000).isEmpty)
        #expect(detector.find(among: seen(["a": 98_500]), nowMs: 99_400).isEmpty && detector.suppressed == 0)
        #expect(detector.find(among: seen(["a": 98_500]), nowMs: 99_501).count == 1)
    }

    @Test("a silence that begins within the cool-down is told when that is over, if it still lasts")
    func withinTheCooldown() {
        let minuteMs: Int64 = 60_000
        var detector = SilenceDetector(
            Support.rules(Support.silence(afterMs: 10 * minuteMs), cooldownMs: 30 * minuteMs))
        #expect(detector.find(among: seen(["a": 0, "b": 0]), nowMs: 10 * minuteMs + 1).count == 2)
        // Both send one reading more. One is dead from then on, the other comes back.
        let last = 12 * minuteMs
        #expect(detector.find(among: seen(["a": last, "b": last]), nowMs: 22 * minuteMs + 1).isEmpty)
        #expect(detector.suppressed == 2)
        let after = seen(["a": last, "b": 35 * minuteMs])
        #expect(detector.find(among: after, nowMs: 40 * minuteMs - 1).isEmpty && detector.suppressed == 2)
        #expect(detector.find(among: after, nowMs: 40 * minuteMs).map(\.last.arrivalMs) == [last])
        #expect(detector.find(among: after, nowMs: 44 * minuteMs).isEmpty && detector.suppressed == 2)
    }

    @Test("each rule has its time and its keys")
    func rules() {
        var detector = SilenceDetector(
            Support.rules(Support.silence("short", afterMs: 10, keys: ["b"]), Support.silence("long", afterMs: 100)))
        let known = seen(["a": 0, "b": 0])
        #expect(detector.find(among: known, nowMs: 50).map(\.key) == ["b"])
        #expect(detector.find(among: known, nowMs: 500).map { "\($0.rule) \($0.key)" } == ["1 a", "1 b"])
    }

    @Test("what is forgotten elsewhere is forgotten here")
    func forgotten() {
        var detector = SilenceDetector(Support.rules(Support.silence(afterMs: 10)))
        #expect(detector.find(among: seen(["a": 0, "b": 0]), nowMs: 50).count == 2)
        #expect(detector.find(among: seen(["b": 0]), nowMs: 60).isEmpty)
        #expect(detector.told["silent"]?.keys.sorted() == ["b"])
    }
}
