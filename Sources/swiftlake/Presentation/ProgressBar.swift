internal import Foundation

/// How far a long step has come: a bar that redraws itself on a terminal, and a few plain lines elsewhere.
struct ProgressBar {
    let total: Int
    let isTerminal: Bool
    private var lastTenth = 0

    init(total: Int, isTerminal: Bool = isatty(1) != 0) {
        self.total = total
        self.isTerminal = isTerminal
    }

    /// What to print once `done` have been done; nil if nothing is due.
    mutating func text(_ done: Int, _ note: String) -> String? {
        let fraction = total == 0 ? 1 : Double(done) / Double(total)
        if isTerminal {
            let filled = Int(fraction * 32)
            let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: 32 - filled)
            return "\r\(bar) \(Int(fraction * 100)) %  \(note)\u{1B}[K" + (done == total ? "\n" : "")
        }
        let tenth = Int(fraction * 10)
        guard tenth > lastTenth else { return nil }
        lastTenth = tenth
        return "\(Int(fraction * 100)) %  \(note)\n"
    }
}
