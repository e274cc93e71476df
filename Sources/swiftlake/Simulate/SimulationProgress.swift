internal import Glibc

/// How far `simulate` has come, on standard error: a line that redraws itself on a terminal, and nothing elsewhere.
struct SimulationProgress {
    private let isTerminal = isatty(STDERR_FILENO) != 0
    private var drawnMs: Int64 = .min / 2
    private var lastReason: String?

    /// Between two drawings, in milliseconds.
    private static let intervalMs: Int64 = 250

    /// Draws the line, if it is time.
    mutating func draw(_ count: Int, elapsedMs: Int64) {
        guard isTerminal, elapsedMs - drawnMs >= Self.intervalMs else { return }
        drawnMs = elapsedMs
        let rate = Double(count) * 1000 / Double(max(1, elapsedMs))
        write("\r\(Quantity.counted(count, "record")), \(Quantity.grouped(Int64(rate.rounded()))) a second\u{1B}[K")
    }

    /// Says why records failed, once for each reason in a row.
    mutating func complain(_ reason: String) {
        guard reason != lastReason else { return }
        lastReason = reason
        clear()
        Console.complain("swiftlake: \(reason)")
    }

    /// Takes the line away.
    func clear() { if isTerminal { write("\r\u{1B}[K") } }

    private func write(_ text: String) {
        let bytes = Array(text.utf8)
        _ = Glibc.write(STDERR_FILENO, bytes, bytes.count)
    }
}
