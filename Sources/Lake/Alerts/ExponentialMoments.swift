/// The exponentially weighted mean and variance of a key's values, and how unusual the next one is.
///
/// The n-th value counts by the larger of the weight and 1/n, so that the first ones give the plain mean and variance and
/// none of them counts for more than it should.
struct ExponentialMoments: Equatable, Sendable {
    /// How many values it has taken; at least one.
    private(set) var count: Int64
    private(set) var mean: Double
    /// The mean square of the distance from the mean; not below zero.
    private(set) var variance: Double

    /// What is known after the first value.
    init(_ first: Double) {
        count = 1
        mean = first
        variance = 0
    }

    /// What was known; nil if that cannot be.
    init?(count: Int64, mean: Double, variance: Double) {
        guard count >= 1, mean.isFinite, variance.isFinite, variance >= 0 else { return nil }
        self.count = count
        self.mean = mean
        self.variance = variance
    }

    /// The standard deviation that is believed: after many values that were almost the same it is so small that every
    /// change would seem unusual. Nil while all values have been the same, unless it is said what it is at least.
    /// - Parameter smallest: what it is at least; nil for a thousandth of the mean's magnitude.
    func deviation(atLeast smallest: Double?) -> Double? {
        guard variance > 0 || smallest != nil else { return nil }
        return max(variance.squareRoot(), smallest ?? mean.magnitude / 1000)
    }

    /// Scores a value by the values before it, and then takes it.
    ///
    /// A value beyond the bound is taken as one that lies on the bound. So a single wrong value does not widen what passes
    /// for usual and hide the next one, while a level that has changed for good becomes usual after some values.
    /// - Parameters:
    ///   - weight: how much the newest value counts, above 0 and below 1.
    ///   - bound: the largest usual score.
    ///   - warmUp: how many values must have been taken before one is scored.
    ///   - smallest: what the standard deviation is at least; nil for a thousandth of the mean's magnitude.
    /// - Returns: how many standard deviations the value is away from the mean, below it with a minus; nil if it is too
    ///   early to tell.
    mutating func take(
        _ value: Double, weight: Double, bound: Double, warmUp: Int64, smallest: Double? = nil
    ) -> Double? {
        guard count >= warmUp, let deviation = deviation(atLeast: smallest) else {
            add(value, weight)
            return nil
        }
        let score = (value - mean) / deviation
        if score.magnitude > bound {
            add(mean + (score < 0 ? -bound : bound) * deviation, weight)
        } else {
            add(value, weight)
        }
        return score
    }

    private mutating func add(_ value: Double, _ weight: Double) {
        let next = count == .max ? count : count + 1
        let weight = max(weight, 1 / Double(next))
        let distance = value - mean
        let step = weight * distance
        let newMean = mean + step
        let newVariance = (1 - weight) * (variance + distance * step)
        // A value whose square is no number any more would make all that follows none.
        guard newMean.isFinite, newVariance.isFinite else { return }
        count = next
        mean = newMean
        variance = max(0, newVariance)
    }
}
