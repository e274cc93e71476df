import JSON
import LambdaRuntime
import Synchronization

/// Lines that a test reads back.
final class Lines: Sendable {
    private let bytes = Mutex<[[UInt8]]>([])

    var writer: LineWriter { LineWriter { line in self.bytes.withLock { $0.append(line) } } }

    /// All as text.
    var text: String { bytes.withLock { $0.map { String(decoding: $0, as: UTF8.self) }.joined(separator: "\n") } }

    /// A metric's value in the last line that has it.
    func metric(_ name: String) throws -> JSONValue? {
        try bytes.withLock { lines in try lines.reversed().lazy.compactMap { try JSONValue(parsing: $0)[name] }.first }
    }
}
