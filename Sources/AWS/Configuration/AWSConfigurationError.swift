/// Why settings were refused: every variable that is at fault, so that all can be corrected at once.
public struct AWSConfigurationError: Error, Equatable, Sendable {
    /// One variable, and what is wrong with it.
    public struct Fault: Equatable, Sendable {
        /// The variable's name.
        public let variable: String
        /// What is wrong, in words that hold no secret.
        public let reason: String
    }

    /// The faulty variables, in the order in which they are read; there is at least one.
    public let faults: [Fault]
}

extension AWSConfigurationError: CustomStringConvertible {
    /// One line, safe to log.
    public var description: String { faults.map { "\($0.variable) \($0.reason)" }.joined(separator: "; ") }
}
