internal import Glibc
internal import Simulation

/// When functions are killed: at random times that lie so many seconds apart on average, as faults without memory do.
/// The same seed makes the same times.
struct KillTimes {
    private let numbers: SeededNumbers
    private let averageSeconds: Double
    private var index = 0

    private static let salt: UInt64 = 700

    init(seed: UInt64, averageSeconds: Double) {
        numbers = SeededNumbers(seed: seed)
        self.averageSeconds = averageSeconds
    }

    /// Seconds until the next kill, and two numbers that choose what is killed and when within its work.
    mutating func next() -> (seconds: Double, choice: UInt64, moment: UInt64) {
        defer { index += 1 }
        // Exponentially distributed; the share is above 0 and at most 1.
        let share = (Double(numbers.number(index, Self.salt) >> 11) + 1) / Double(UInt64(1) << 53)
        return (
            -averageSeconds * log(share), numbers.number(index, Self.salt + 1), numbers.number(index, Self.salt + 2)
        )
    }
}
