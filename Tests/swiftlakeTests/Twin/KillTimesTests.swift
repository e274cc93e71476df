import Testing

@testable import swiftlake

@Suite struct KillTimesTests {
    private func seconds(seed: UInt64, count: Int, average: Double = 20) -> [Double] {
        var times = KillTimes(seed: seed, averageSeconds: average)
        return (0..<count).map { _ in times.next().seconds }
    }

    @Test func sameSeedMakesTheSameTimes() {
        #expect(seconds(seed: 3, count: 50) == seconds(seed: 3, count: 50))
        #expect(seconds(seed: 3, count: 50) != seconds(seed: 4, count: 50))
    }

    @Test func timesLieTheAverageApartAndHaveNoMemory() {
        let all = seconds(seed: 1, count: 20_000)
        #expect(all.allSatisfy { $0 >= 0 && $0 < 20 * 40 })
        #expect(abs(all.reduce(0, +) / 20_000 - 20) < 0.5)
        // Of an exponential distribution, a share of 1/e is longer than the average.
        #expect(abs(Double(all.count { $0 > 20 }) / 20_000 - 0.3679) < 0.01)
    }
}
