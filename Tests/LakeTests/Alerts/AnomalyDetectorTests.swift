@testable import Lake
import TestSupport
import Testing

@Suite("Detection of anomalies")
struct AnomalyDetectorTests {
    typealias Support = AlertSupport

    @Test("limits are usual themselves")
    func limits() {
        var detector = AnomalyDetector(Support.rules(Support.limit(above: 60, below: -5), cooldownMs: 0))
        let found = [60, 60.1, -5, -5.1, nil, .nan].enumerated().map { place, value in
            detector.take(Support.reading(value, at: Double(place))).first?.detail
        }
        #expect(found == [nil, .above, nil, .below, nil, nil])
    }

    @Test("a rule is silent about a key for the cool-down, before and after, and about no other")
    func cooldown() {
        var detector = AnomalyDetector(Support.rules(Support.limit(above: 1)))
        func tells(_ second: Double, _ key: String = "1") -> Bool {
            !detector.take(Support.reading(2, at: second, key: key)).isEmpty
        }
        #expect(tells(100) && tells(100, "2"))
        #expect(!tells(100) && !tells(159.999_999) && !tells(41))
        #expect(tells(160) && !tells(101))
        // A clock that was far ahead does not silence the rule until then.
        #expect(tells(1_000_000) && tells(300))
        #expect(detector.suppressed == 4)
    }

    @Test("an anomaly that is sent again for an hour after the cool-down is not told again")
    func sentAgain() {
        var detector = AnomalyDetector(Support.rules(Support.limit(above: 1)))
        func tells(_ value: Double, _ second: Double) -> Bool {
            !detector.take(Support.reading(value, at: second)).isEmpty
        }
        #expect(tells(2, 0))
        #expect(!tells(0, 60) && !tells(2, 0) && !tells(0, 3659) && !tells(2, 0))
        // Nor is the one before the last one told.
        #expect(tells(2, 3600 - 1) && !tells(2, 0))
        #expect(!tells(0, 3599 + 60 + 3600) && detector.keys["1"]?.rules[0].alertedUs == nil)
    }

    @Test("readings that come again, or late, change no mean; a clock that is put back is followed")
    func replayed() {
        var detector = AnomalyDetector(Support.rules(Support.zScore(), Support.rate(change: 5)))
        let values = (0..<20).map { Double($0 % 3) }
        func send() {
            for (place, value) in values.enumerated() {
                _ = detector.take(Support.reading(value, at: 10_000 + Double(place), rules: 2))
            }
        }
        send()
        let once = detector.keys
        send()
        #expect(detector.keys == once)
        _ = detector.take(Support.reading(1, at: 10_019 - 3601, rules: 2))
        guard case .moments(let moments, let timeUs) = detector.keys["1"]?.rules[0].memory else {
            Issue.record("no moments")
            return
        }
        #expect(moments.count == 21 && timeUs == Support.startUs + 6_418_000_000)
    }

    @Test("rules look at the keys that they name")
    func keys() {
        var detector = AnomalyDetector(Support.rules(Support.limit(above: 1, keys: ["7"])))
        #expect(detector.take(Support.reading(2, at: 0, key: "6")).isEmpty)
        #expect(!detector.take(Support.reading(2, at: 0, key: "7")).isEmpty)
    }

    @Test("a key starts anew when it has been away for longer than it is kept")
    func forgotten() {
        let rules = Support.rules(Support.rate(change: 1, perMs: 60_000))
        var detector = AnomalyDetector(rules)
        _ = detector.take(Support.reading(0, at: 0))
        let later = Double(rules.keptMs) / 1000 + 1
        var pruned = detector
        pruned.forget(at: Support.startUs / 1000 + rules.keptMs + 1)
        #expect(pruned.keys.isEmpty)
        #expect(detector.take(Support.reading(1e9, at: later)).isEmpty)
        _ = pruned.take(Support.reading(1e9, at: later))
        #expect(detector.keys == pruned.keys)
    }

    @Test("of too many keys those are forgotten that have been away for longest")
    func tooMany() {
        var detector = AnomalyDetector(Support.rules(Support.limit(above: 1)))
        for number in 0..<AlertRules.mostKeys + 10 {
            _ = detector.take(Support.reading(0, at: Double(number) / 1000, key: "k\(number)"))
        }
        detector.forget(at: Support.startUs / 1000)
        #expect(detector.keys.count == AlertRules.mostKeys && detector.keys["k9"] == nil && detector.keys["k10"] != nil)
    }

    @Test("what another shard knows of a key goes on here")
    func inherited() {
        let rules = Support.rules(Support.rate(change: 5))
        var parent = AnomalyDetector(rules)
        _ = parent.take(Support.reading(0, at: 0))
        var child = AnomalyDetector(rules)
        #expect(!child.take(Support.reading(9, at: 1), inherited: { parent.keys[$0] }).isEmpty)
        #expect(child.take(Support.reading(10, at: 2), inherited: { _ in nil }).isEmpty)
    }

    @Test("the same readings give the same anomalies, however they are cut and stored in between")
    func cuts() throws {
        let rules = Support.rules(
            Support.limit(above: 45), Support.rate(change: 30), Support.zScore(), Support.silence())
        var numbers = SeededGenerator(seed: 11)
        let readings = (0..<3000).map { place in
            Support.reading(
                Double.random(in: -50...50, using: &numbers),
                at: Double(place) + Double.random(in: -5...5, using: &numbers),
                key: String(Int.random(in: 0..<20, using: &numbers)), rules: 3)
        }
        var whole = AnomalyDetector(rules)
        let expected = readings.map { whole.take($0) }
        #expect(expected.joined().count > 100)
        var detector = AnomalyDetector(rules)
        for (reading, expected) in zip(readings, expected) {
            if Int.random(in: 0..<10, using: &numbers) == 0 {
                detector.forget(at: reading.arrivalMs)
                let text = ShardState(keys: detector.keys).serialized(rules)
                detector = AnomalyDetector(rules, keys: try ShardState(parsing: text, rules, stream: "s").keys)
            }
            #expect(detector.take(reading) == expected)
        }
        #expect(detector.keys == whole.keys)
    }

    @Test("messages say what is unusual")
    func messages() throws {
        let rules = Support.rules(Support.limit(below: 0.5), Support.rate(change: 5), Support.zScore(warmUp: 3))
        var detector = AnomalyDetector(rules)
        for (place, value) in [1.0, 3, 2].enumerated() {
            _ = detector.take(Support.reading(value, at: Double(place) * 5, rules: 3))
        }
        let messages = detector.take(Support.reading(-9.5, at: 15, rules: 3)).map {
            $0.message(rules.reading[$0.rule].rule, key: "17")
        }
        #expect(
            messages == [
                "c of 17 went from 2 to -9.5 in 5s; usual is at most 5 in 1m",
                "c of 17 is -9.5, 14.085 standard deviations below its mean of 2; usual is at most 3",
                "c of 17 is -9.5, below 0.5",
            ])
    }

    @Test(
        "lengths of time are written in the largest unit that leaves them whole",
        arguments: [
            (600_000, "10m"), (90_000, "90s"), (86_400_000, "1d"), (7_200_000, "2h"), (1500, "1.5s"), (0, "0s"),
        ])
    func durations(milliseconds: Int64, text: String) { #expect(AlertWords.duration(ms: milliseconds) == text) }

    @Test(
        "numbers are short",
        arguments: [(71, "71"), (0.1, "0.1"), (1.0 / 3, "0.333"), (1e-9, "1e-09"), (1e300, "1e+300"), (-0.0, "0")])
    func numbers(value: Double, text: String) { #expect(AlertWords.number(value) == text) }
}
