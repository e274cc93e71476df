internal import Foundation

/// Holds requests back until so many have arrived.
final class Arrivals: @unchecked Sendable {
    // The condition's lock guards the count.
    private let changed = NSCondition()
    private var count = 0

    /// Counts one, and waits for the others.
    func wait(for number: Int) {
        changed.lock()
        defer { changed.unlock() }
        count += 1
        changed.broadcast()
        while count < number { changed.wait() }
    }
}
