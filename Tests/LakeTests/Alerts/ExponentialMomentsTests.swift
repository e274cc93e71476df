@testable import Lake
import TestSupport
import Testing

@Suite("Exponentially weighted mean and variance")
struct ExponentialMomentsTests {
    @Test("before 1/weight values they are the plain mean and variance")
    func plain() {
        var numbers = SeededGenerator(seed: 1)
        let values = (0..<50).map { _ in Double.random(in: -5...20, using: &numbers) }
        var moments = ExponentialMoments(values[0])
        for value in values.dropFirst() { _ = moments.take(value, weight: 0.02, bound: 1000, warmUp: 5) }
        let mean = values.reduce(0, +) / 50
        let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 50
        #expect(moments.count == 50)
        #expect(abs(moments.mean - mean) < 1e-9 && abs(moments.variance - variance) < 1e-9)
    }

    @Test("after that they are weighted sums over all values", arguments: [0.02, 0.05, 0.3, 0.9])
    func weighted(weight: Double) {
        var numbers = SeededGenerator(seed: 2)
        let values = (0..<400).map { _ in Double.random(in: 0...100, using: &numbers) }
        var moments = ExponentialMoments(values[0])
        for value in values.dropFirst() { _ = moments.take(value, weight: weight, bound: 1000, warmUp: 5) }
        // Each value's share, from the last one back: that of its own step, less what later steps took.
        var shares = Array(repeating: 0.0, count: values.count)
        var rest = 1.0
        for place in values.indices.reversed() {
            let step = max(weight, 1 / Double(place + 1))
            shares[place] = rest * step
            rest *= 1 - step
        }
        let mean = zip(shares, values).reduce(0) { $0 + $1.0 * $1.1 }
        let variance = zip(shares, values).reduce(0) { $0 + $1.0 * ($1.1 - mean) * ($1.1 - mean) }
        #expect(abs(shares.reduce(0, +) - 1) < 1e-9)
        #expect(abs(moments.mean - mean) < 1e-7 && abs(moments.variance - variance) < 1e-6)
    }

    @Test("a value is scored by those before it, and not before the warm-up")
    func scoredFirst() throws {
        var moments = ExponentialMoments(1)
        let early = [3, 2].map { moments.take($0, weight: 0.1, bound: 3, warmUp: 3) }
        #expect(early == [nil, nil])
        // Mean 2, variance 2/3.
        let taken = moments.take(4, weight: 0.1, bound: 3, warmUp: 3)
        let score = try #require(taken)
        #expect(abs(score - 2 / (2.0 / 3).squareRoot()) < 1e-12)
    }

    @Test("nothing is unusual while all values have been the same, unless the rule says what is")
    func constant() {
        var moments = ExponentialMoments(5)
        let scores = (Array(repeating: 5, count: 100) + [6, 500]).map {
            moments.take($0, weight: 0.1, bound: 3, warmUp: 3)
        }
        #expect(scores.dropLast().allSatisfy { $0 == nil })
        #expect(scores[101] ?? 0 > 3)
        var known = ExponentialMoments(5)
        let believed = [5, 5, 7].map { known.take($0, weight: 0.1, bound: 3, warmUp: 3, smallest: 0.5) }
        #expect(believed == [nil, nil, 4])
    }

    @Test("a steady signal does not make a tiny change unusual", arguments: [nil, 0.05, 0.5])
    func steady(smallest: Double?) throws {
        var moments = ExponentialMoments(20)
        func take(_ value: Double) -> Double? {
            moments.take(value, weight: 0.02, bound: 6, warmUp: 60, smallest: smallest)
        }
        for place in 0..<60 { _ = take(place.isMultiple(of: 2) ? 20 : 20.1) }
        for _ in 0..<720 { _ = take(20) }
        let expected = smallest ?? 0.02
        let before = moments
        #expect(before.variance.squareRoot() < 0.001)
        let small = try #require(take(20.1))
        #expect(abs(small - 0.1 / expected) < 0.01)
        // What is far off is told, and counts as what lies on the bound.
        moments = before
        let large = try #require(take(20 + 7 * expected))
        #expect(large > 6)
        #expect(abs(moments.mean - (before.mean + 0.02 * 6 * expected)) < 1e-6)
    }

    @Test("an anomaly is taken as a value on the bound: it hides no second one, and a new level becomes usual")
    func anomaliesAreClipped() {
        var numbers = SeededGenerator(seed: 3)
        func usual(_ level: Double) -> Double { level + Double.random(in: -1...1, using: &numbers) }
        var moments = ExponentialMoments(usual(10))
        for _ in 0..<200 { _ = moments.take(usual(10), weight: 0.05, bound: 6, warmUp: 30) }
        let before = moments
        let high = moments.take(1000, weight: 0.05, bound: 6, warmUp: 30)
        #expect(high ?? 0 > 6)
        #expect(moments.mean < before.mean + 0.05 * 6.01 * before.variance.squareRoot())
        let low = moments.take(-1000, weight: 0.05, bound: 6, warmUp: 30)
        #expect(low ?? 0 < -6)
        var unusual = 0
        for _ in 0..<100 where abs(moments.take(usual(40), weight: 0.05, bound: 6, warmUp: 30) ?? 0) > 6 {
            unusual += 1
        }
        #expect((2...15).contains(unusual))
        #expect(abs(moments.mean - 40) < 2)
    }

    @Test("values that no square holds change nothing")
    func huge() {
        var moments = ExponentialMoments(1)
        for value in [1e300, -1e308, 2, 3] { _ = moments.take(value, weight: 0.5, bound: 3, warmUp: 10) }
        #expect(moments.count == 3 && moments.mean.isFinite && moments.variance.isFinite)
    }

    @Test("only what can be is read", arguments: [(0, 1.0, 1.0), (1, .nan, 1), (1, 1, .infinity), (1, 1, -1)])
    func refused(count: Int64, mean: Double, variance: Double) {
        #expect(ExponentialMoments(count: count, mean: mean, variance: variance) == nil)
    }
}
