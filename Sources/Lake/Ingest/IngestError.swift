public import LambdaRuntime

/// Why an event could not be taken at all.
public struct IngestError: Error, Sendable {
    /// The kind of fault, for code that decides.
    public enum Code: String, Sendable {
        /// No stream of the definition matches the event's.
        case unknownStream = "UnknownStream"
        /// The event does not say which cluster it is from.
        case unknownSource = "UnknownSource"
        /// The definition asks for what this function cannot do.
        case unsupported = "Unsupported"
        /// The stream was deleted and made again, so stored offsets mean nothing for it.
        case recreatedStream = "RecreatedStream"
        /// Records are left that must come again.
        case uncommitted = "Uncommitted"
    }

    /// The kind of fault.
    public let code: Code
    /// What is wrong, and what to do.
    public let message: String

    init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }
}

extension IngestError {
    /// What a report leaves to be sent again; nil if it leaves nothing.
    init?(remainderOf report: IngestReport) {
        guard !report.firstUncommitted.isEmpty else { return nil }
        let why =
            switch report.reason {
            case .deadline: "the deadline is near"
            case .badRecord(let error): "a record is bad and the definition says fail: \(error)"
            case .fault(let error): "\(error)"
            case nil: "they were not reached"
            }
        let places = report.firstUncommitted.map { "\($0)" }.joined(separator: ", ")
        self.init(.uncommitted, "records are not committed and must come again: \(places) (\(why))")
    }

    /// Several failures as one: of their kind, if they are of one kind.
    init(all failures: [any Error]) {
        let codes = Set(failures.map { ($0 as? IngestError)?.code ?? .uncommitted })
        let messages = failures.map { "\($0)" }.joined(separator: "; ")
        if let code = codes.first, codes.count == 1 {
            self.init(code, messages)
        } else {
            self.init(.uncommitted, messages)
        }
    }
}

extension IngestError: CustomStringConvertible {
    /// Safe to log.
    public var description: String { message }
}

extension IngestError: LambdaErrorType {
    /// What Lambda calls the error, such as `Ingest.UnknownStream`.
    public var errorType: String { "Ingest.\(code.rawValue)" }
}
