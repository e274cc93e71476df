public import LambdaRuntime

/// Why an event could not be indexed whole.
public struct IndexingError: Error, Sendable {
    /// The kind of fault, for code that decides.
    public enum Code: String, Sendable {
        /// No stream of the definition takes the topic's records.
        case unknownStream = "UnknownStream"
        /// The stream is not one that fills an index.
        case notIndexed = "NotIndexed"
        /// The event does not say which cluster it is from.
        case unknownSource = "UnknownSource"
        /// Records are left that must come again.
        case incomplete = "Incomplete"
    }

    /// The kind of fault.
    public let code: Code
    /// What is wrong, and what to do.
    public let message: String

    init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    /// Several failures as one: of their kind, if they are of one kind.
    init(all failures: [IndexingError]) {
        let codes = Set(failures.map(\.code))
        self.init(
            codes.count == 1 ? failures[0].code : .incomplete, failures.map(\.message).joined(separator: "; "))
    }
}

extension IndexingError: CustomStringConvertible {
    /// Safe to log.
    public var description: String { message }
}

extension IndexingError: LambdaErrorType {
    /// What Lambda calls the error, such as `Elasticsearch.Incomplete`.
    public var errorType: String { "Elasticsearch.\(code.rawValue)" }
}
