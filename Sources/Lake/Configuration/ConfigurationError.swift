/// Why a function's settings were refused: every faulty variable, not only the first.
public struct ConfigurationError: Error, Equatable, Sendable {
    /// One fault.
    public struct Problem: Equatable, Sendable {
        /// The environment variable.
        public let variable: String
        /// What is wrong, and what to set; never the whole value, which may hold a secret.
        public let message: String

        /// A problem.
        public init(variable: String, message: String) {
            self.variable = variable
            self.message = message
        }
    }

    /// The problems; never empty.
    public let problems: [Problem]

    /// An error.
    public init(problems: [Problem]) { self.problems = problems }
}

extension ConfigurationError: CustomStringConvertible {
    /// One line, safe to log.
    public var description: String {
        problems.map { "\($0.variable) \($0.message)" }.joined(separator: "; ")
    }
}
