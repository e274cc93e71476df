internal import Foundation
internal import JSON

/// A program that runs DuckDB: `demo/query.sh` of the package. It reads statements from its standard input and writes the
/// answer of each query as a line of JSON, `{"columns":[…],"rows":[[…]]}`, with all values as text.
struct DuckDBProgram {
    let path: String

    /// The answer to a query.
    struct Answer: Equatable {
        let columns: [String]
        /// Nil for NULL.
        let rows: [[String?]]

        /// Reads a line of the program's output.
        init?(_ line: some StringProtocol) {
            guard let value = try? JSONValue(parsing: Array(line.utf8)),
                let columns = value["columns"]?.elements?.compactMap(\.string),
                let rows = value["rows"]?.elements
            else { return nil }
            self.columns = columns
            self.rows = rows.map { row in (row.elements ?? []).map(\.string) }
            guard self.rows.allSatisfy({ $0.count == columns.count }) else { return nil }
        }
    }

    /// Runs statements.
    /// - Returns: the answers of those that are queries.
    func run(_ script: String) throws -> [Answer] {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        let (input, output) = (Pipe(), Pipe())
        process.standardInput = input
        process.standardOutput = output
        do {
            try process.run()
        } catch {
            throw CommandFailure("\(path) cannot be run: \(error.localizedDescription)")
        }
        // It reads everything before it writes anything.
        try? input.fileHandleForWriting.write(contentsOf: Data(script.utf8))
        try? input.fileHandleForWriting.close()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw CommandFailure("\(path) could not query the lake: it ended with \(process.terminationStatus)")
        }
        return try text.split(separator: "\n").map { line in
            guard let answer = Answer(line) else { throw CommandFailure("\(path) wrote no answer but \(line)") }
            return answer
        }
    }
}
