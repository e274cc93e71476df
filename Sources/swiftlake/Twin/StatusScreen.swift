internal import Glibc

/// Prints how a twin stands: over itself on a terminal, and elsewhere a line now and then.
struct StatusScreen {
    private let isTerminal: Bool
    private var drawn = 0
    private var nextLine = 0.0

    /// Between two screens, and two lines, in seconds.
    static let screenSeconds = 0.25
    private static let lineSeconds = 5.0

    init(isPlain: Bool) { isTerminal = !isPlain && isatty(STDOUT_FILENO) != 0 }

    /// Shows a state, if it is time.
    /// - Parameter events: what has happened since the state before.
    mutating func show(_ status: TwinStatus, _ events: [String], isLast: Bool = false) {
        guard isTerminal else {
            Console.print(events.map { "  " + $0 })
            guard status.seconds >= nextLine || isLast else { return }
            nextLine = status.seconds + Self.lineSeconds
            return Console.print(StatusText(status: status).line)
        }
        let size = Self.size()
        // One line is left for the cursor.
        let lines = StatusText(status: status).screen.prefix(max(1, size.rows - 1)).map { $0.prefix(size.columns) }
        var text = drawn > 0 ? "\u{1B}[\(drawn)A\r" : ""
        for line in lines { text += line + "\u{1B}[K\n" }
        text += "\u{1B}[J"
        drawn = lines.count
        Console.write(text)
    }

    /// Rows and columns of the terminal.
    private static func size() -> (rows: Int, columns: Int) {
        var size = winsize()
        guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_row > 0, size.ws_col > 0 else {
            return (24, 80)
        }
        return (Int(size.ws_row), Int(size.ws_col))
    }
}
