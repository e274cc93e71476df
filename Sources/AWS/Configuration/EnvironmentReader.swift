/// Reads settings from an environment and collects what is wrong with them. A variable that is empty counts as not set.
struct EnvironmentReader {
    private let environment: [String: String]
    /// What was wrong so far.
    private(set) var faults: [AWSConfigurationError.Fault] = []

    init(_ environment: [String: String]) { self.environment = environment }

    /// The value of a variable that is set.
    func text(_ variable: String) -> String? {
        environment[variable].flatMap { $0.isEmpty ? nil : $0 }
    }

    /// The first variable of these that is set, and its value.
    func first(_ variables: String...) -> (variable: String, value: String)? {
        for variable in variables {
            if let value = text(variable) { return (variable, value) }
        }
        return nil
    }

    /// `true` or `false` in any case; false if not set.
    mutating func flag(_ variable: String) -> Bool {
        guard let value = text(variable)?.lowercased() else { return false }
        if value != "true" && value != "false" { refuse(variable, "must be true or false") }
        return value == "true"
    }

    /// A whole number of a range.
    mutating func number(_ variable: String, in range: ClosedRange<Int>) -> Int? {
        guard let value = text(variable) else { return nil }
        guard let number = Int(value), range.contains(number) else {
            refuse(variable, "must be a whole number from \(range.lowerBound) to \(range.upperBound)")
            return nil
        }
        return number
    }

    /// An endpoint: HTTPS, or HTTP of this very machine.
    mutating func endpoint(_ variable: String) -> String? {
        guard let value = text(variable) else { return nil }
        guard let endpoint = ServiceEndpoint(value) else {
            refuse(variable, "is no URL such as https://host:port")
            return nil
        }
        guard endpoint.scheme == "https" || endpoint.isLoopback else {
            refuse(variable, "must be https:// unless it is this very machine")
            return nil
        }
        return endpoint.origin + endpoint.basePath
    }

    /// Notes that a variable is at fault.
    mutating func refuse(_ variable: String, _ reason: String) {
        faults.append(AWSConfigurationError.Fault(variable: variable, reason: reason))
    }
}
