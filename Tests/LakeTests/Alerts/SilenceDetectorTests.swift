@testable import Lake
import Testing

@Suite("Detection of silence")
struct SilenceDetectorTests {
    typealias Support = AlertSupport
    typealias Seen = SilenceDetector.Seen

    private func seen(_ arrivals: [String: Int64]) -> [String: Seen] {
        arrivals.mapValues { Seen(arrivalMs: $0, shard: "shard") }
    }

    @Test("a silence is told once, and again after a reading and the cool-down")
    func once() {
        var detector = SilenceDetector(Support.rules(Support.silence(afterMs: 1000), cooldownMs: 5000))
        #expect(detector.find(among: seen(["a": 0]), nowMs: 1000).isEmpty)
        #expect(detector.find(among: seen(["a": 0]), nowMs: 1001).map(\.key) == ["a"])
        #expect(detector.find(among: seen(["a": 0]), nowMs: 9000).isEmpty)
        // It came back, and is silent again, too soon to say so again.
        #expect(detector.find(among: seen(["a": 4999]), nowMs: 9000).isEmpty && detector.suppressed == 1)
        #expect(detector.find(among: seen(["a": 4999]), nowMs: 99_000).isEmpty && detector.suppressed == 1)
        #expect(detector.find(among: seen(["a": 5000]), nowMs: 99_000).count == 1)
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
