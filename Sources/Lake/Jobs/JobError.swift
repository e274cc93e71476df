public import LambdaRuntime

/// Why a job did not do what it was invoked for, or not to its end.
public struct JobError: Error, Sendable {
    /// The kind of fault, for code that decides: the job's area, and what is wrong in it.
    public enum Code: Hashable, Sendable {
        /// Looking for anomalies.
        case alerts(Alerts)
        /// The logos of assets.
        case assets(Assets)
        /// Making tables and views, and bringing them up to the definition.
        case bootstrap(Bootstrap)
        /// Taking readings of devices.
        case gateway(Gateway)
        /// Indexing in Elasticsearch.
        case indexing(Indexing)
        /// Taking records into tables.
        case ingest(Ingest)
        /// Making records and putting them into streams and topics.
        case producers(Producers)
        /// Making topics.
        case topics(Topics)
        /// Optimizing tables and expiring their snapshots.
        case upkeep(Upkeep)
    }

    /// The kind of fault.
    public let code: Code
    /// What is wrong, and what to do; holds no secret.
    public let message: String

    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    /// Several failures as one: of their kind, if they are of one kind.
    /// - Parameter mixed: what they are called if they are of several; what is no ``JobError`` counts as of this kind.
    init(all failures: [any Error], mixed: Code) {
        let codes = Set(failures.map { ($0 as? JobError)?.code ?? mixed })
        let code = codes.count == 1 ? codes.first : nil
        self.init(code ?? mixed, failures.map { "\($0)" }.joined(separator: "; "))
    }
}

extension JobError: CustomStringConvertible {
    /// Safe to log.
    public var description: String { message }
}

extension JobError: LambdaErrorType {
    /// What Lambda calls the error, such as `Ingest.UnknownStream`.
    public var errorType: String {
        switch code {
        case .alerts(let fault): "Alerts.\(fault.rawValue)"
        case .assets(let fault): "Assets.\(fault.rawValue)"
        case .bootstrap(let fault): "Bootstrap.\(fault.rawValue)"
        case .gateway(let fault): "Gateway.\(fault.rawValue)"
        case .indexing(let fault): "Elasticsearch.\(fault.rawValue)"
        case .ingest(let fault): "Ingest.\(fault.rawValue)"
        case .producers(let fault): "Producers.\(fault.rawValue)"
        case .topics(let fault): "Topics.\(fault.rawValue)"
        case .upkeep(let fault): "Upkeep.\(fault.rawValue)"
        }
    }
}
