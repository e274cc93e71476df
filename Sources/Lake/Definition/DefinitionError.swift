/// Why a lake definition was refused: every problem of the file, not only the first.
public struct DefinitionError: Error, Equatable, Sendable {
    /// One fault of the file.
    public struct Problem: Equatable, Sendable {
        /// Where, as a JSONPath such as `$.tables[0].columns[3].type`.
        public let path: String
        /// What is wrong, and which values are allowed.
        public let message: String

        /// A problem.
        public init(path: String, message: String) {
            self.path = path
            self.message = message
        }
    }

    /// The problems in the order of the file; never empty.
    public let problems: [Problem]

    /// An error.
    public init(problems: [Problem]) { self.problems = problems }
}

extension DefinitionError.Problem: CustomStringConvertible {
    /// `path: message`.
    public var description: String { "\(path): \(message)" }
}

extension DefinitionError: CustomStringConvertible {
    /// One problem a line.
    public var description: String { problems.map(\.description).joined(separator: "\n") }
}
