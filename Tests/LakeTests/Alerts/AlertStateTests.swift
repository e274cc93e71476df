import Iceberg
@testable import Lake
import TestSupport
import Testing

@Suite("Stored state of alerts")
struct AlertStateTests {
    typealias Support = AlertSupport
    private static let rules = Support.rules(Support.limit(above: 1), Support.rate(change: 1), Support.zScore())

    static let alert = Alert(
        rule: "rate", kind: "rate", key: "7", column: "c", value: 3.5, bound: 1, message: "c of \"7\" ü", readingUs: 5,
        detectedMs: 6, stream: "s", shard: "shardId-1", sequenceNumber: "9")

    private static func example() -> ShardState {
        var detector = AnomalyDetector(rules)
        for (place, value) in [0.25, 3.5, 0].enumerated() {
            _ = detector.take(Support.reading(value, at: Double(place), key: "7", rules: 3))
        }
        _ = detector.take(Support.reading(nil, at: 0, key: "é", rules: 3))
        return ShardState(keys: detector.keys, pending: [alert])
    }

    private static let text =
        "{\"version\":1,\"rules\":[\"rate rate c\",\"z-score z c\",\"limit limit c\"],\"keys\":{"
        + "\"7\":[1795000002000,[1795000002000000,0.0,1795000001000000],[3,1.25,2.541666666666667,1795000002000000],[1795000001000000]],"
        + "\"é\":[1795000000000]},"
        + "\"pending\":[[\"rate\",\"rate\",\"7\",\"c\",3.5,1.0,\"c of \\\"7\\\" ü\",5,6,\"shardId-1\",\"9\"]]}"

    @Test("the text is compact, and reads back as it was")
    func roundTrip() throws {
        #expect(Self.example().serialized(Self.rules) == Self.text)
        #expect(try ShardState(parsing: Self.text, Self.rules, stream: "s") == Self.example())
        let empty = ShardState()
        #expect(try ShardState(parsing: empty.serialized(Self.rules), Self.rules, stream: "s") == empty)
    }

    @Test("what a z-score knew before the time of the newest reading was kept is read")
    func withoutTime() throws {
        let text = Self.text.replacing(",1795000002000000],[", with: "],[")
        let state = try ShardState(parsing: text, Self.rules, stream: "s")
        let moments = try #require(ExponentialMoments(count: 3, mean: 1.25, variance: 2.541666666666667))
        #expect(state.keys["7"]?.rules[1].memory == .moments(moments, timeUs: 0))
    }

    @Test("with other rules, each goes on from what was its own")
    func otherRules() throws {
        let rules = Support.rules(
            Support.zScore(weight: 0.5), Support.limit("new", above: 2), Support.rate("r", change: 1))
        let state = try ShardState(parsing: Self.text, rules, stream: "s")
        let known = try #require(state.keys["7"])
        #expect(known.rules.map(\.isEmpty) == [false, true, true])
        #expect(known.rules[0].memory == Self.example().keys["7"]?.rules[1].memory)
        let otherColumn = AlertRule(name: "rate", kind: .rate(column: "d", change: 1, perMs: 1), keys: nil)
        let other = try ShardState(parsing: Self.text, Support.rules(otherColumn), stream: "s")
        #expect(other.keys["7"]?.rules[0].isEmpty == true)
    }

    @Test(
        "damage is an error, and never a shard without state",
        arguments: [
            ("{\"version\":1,", ""), ("\"version\":1", "\"version\":2"), ("\"version\":1,", ""),
            ("\"rate rate c\",", ""), ("\"z-score z c\"", "\"rate rate c\""), ("\"z-score z c\"", "3"),
            ("1795000002000,", "-1,"), ("1795000002000,", "\"1\","), ("[1795000002000,", "[253402300800000,"),
            ("1795000002000000", "253402300800000000"), ("0.0,", "null,"), ("0.0,", "1e999,"), ("[3,", "[0,"),
            ("2.541666666666667", "-1"), ("2.541666666666667", "null"),
            ("667,1795000002000000", "667,253402300800000000"),
            (",[1795000001000000]", ",[1795000001000000],1"),
            ("[1795000001000000]", "[]"), ("[1795000001000000]", "[1,2]"), ("[1795000001000000]", "1"),
            ("\"é\"", "\"7\""),
            ("[1795000000000]", "[]"), ("3.5", "\"3.5\""), (",\"9\"]", ",9]"), (",\"9\"]", "]"),
            ("\"pending\"", "\"other\""),
            ("\"pending\":[", "\"pending\":[1,"), ("]]}", "]]"),
        ])
    func damage(part: String, replacement: String) throws {
        var text = Self.text
        text.replaceSubrange(try #require(text.firstRange(of: part)), with: replacement)
        let error = #expect(throws: IcebergError.self) { try ShardState(parsing: text, Self.rules, stream: "s") }
        #expect(error?.code == .malformed)
    }

    @Test("text that was changed at random is refused, or reads as something that is stored the same way")
    func fuzz() throws {
        let silence = SilenceState(
            rules: ["silent": ["1": .init(alertedMs: 1, knownMs: 2), "ü": .init(alertedMs: 3, knownMs: 3)]],
            pending: [Self.alert])
        #expect(try SilenceState(parsing: silence.serialized(), stream: "s") == silence)
        var numbers = SeededGenerator(seed: 5)
        for text in [Self.text, silence.serialized()] {
            let original = Array(text.utf8)
            for round in 0..<6000 {
                var bytes = original
                if round < original.count {
                    bytes = Array(bytes.prefix(round))
                } else {
                    for _ in 0..<Int.random(in: 1...3, using: &numbers) {
                        let place = Int.random(in: 0..<bytes.count, using: &numbers)
                        switch Int.random(in: 0..<3, using: &numbers) {
                        case 0: bytes[place] = UInt8.random(in: 0...255, using: &numbers)
                        case 1: bytes.remove(at: place)
                        default:
                            bytes.insert(
                                Array("0129-.eE[]{},:\"n\\".utf8).randomElement(using: &numbers) ?? 0, at: place)
                        }
                    }
                }
                let changed = String(decoding: bytes, as: UTF8.self)
                if text == Self.text {
                    let parse = { try ShardState(parsing: $0, Self.rules, stream: "s") }
                    guard let state = try sound({ try parse(changed) }) else { continue }
                    #expect(try parse(state.serialized(Self.rules)) == state)
                } else {
                    let parse = { try SilenceState(parsing: $0, stream: "s") }
                    guard let state = try sound({ try parse(changed) }) else { continue }
                    #expect(try parse(state.serialized()) == state)
                }
            }
        }
    }

    /// What was read; nil if it was refused as damage.
    private func sound<State>(_ parse: () throws -> State) throws -> State? {
        do {
            return try parse()
        } catch let error as IcebergError {
            #expect(error.code == .malformed)
            return nil
        }
    }

    @Test("a thousand devices with five rules take about 120 bytes each")
    func size() {
        let rules = Support.rules(
            Support.limit("a", above: 60), Support.limit("b", above: 97), Support.rate(change: 25),
            Support.zScore(above: 6),
            Support.silence())
        var detector = AnomalyDetector(rules)
        var numbers = SeededGenerator(seed: 9)
        for turn in 0..<70 {
            for device in 1...1000 {
                var reading = Support.reading(0, at: Double(turn) * 10, key: String(device), rules: 4)
                reading.values = [
                    Double(Int.random(in: 8...40, using: &numbers)),
                    Double(Int.random(in: 500...4000, using: &numbers)) / 100, 20,
                    40,
                ]
                _ = detector.take(reading)
            }
        }
        let bytes = ShardState(keys: detector.keys).serialized(rules).utf8.count
        print("state of 1,000 devices and five rules: \(bytes) bytes")
        #expect(bytes < 125_000)
    }
}
