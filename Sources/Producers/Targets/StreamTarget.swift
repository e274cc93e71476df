public import AWS
public import HTTPTransport
public import Simulation

/// A Kinesis stream that records are put into.
public final class StreamTarget: RecordTarget {
    /// The stream's name or ARN.
    public let stream: String
    private let kinesis: Kinesis
    private let deadline: RequestDeadline

    /// A stream.
    /// - Parameters:
    ///   - stream: its name or ARN.
    ///   - client: what calls Kinesis.
    ///   - deadline: the client's own; it is set at every call.
    public init(_ stream: String, client: ServiceClient, deadline: RequestDeadline) {
        self.stream = stream
        self.deadline = deadline
        kinesis = Kinesis(client)
    }

    /// What it is, for people.
    public var name: String { "Kinesis stream \(stream)" }

    /// Puts records by PutRecords, 500 or five megabytes a call; those that the service turns away are put again, alone. After
    /// a call that may have been carried out nothing is put twice: its records count as failed.
    public func put(_ records: [SimulatedRecord], beforeMs: Int64) -> PutReport {
        guard !records.isEmpty else { return PutReport() }
        deadline.milliseconds = beforeMs
        let results = kinesis.put(records.map { Kinesis.Record($0.value, partitionKey: $0.key) }, into: stream)
        var report = PutReport()
        var reason: ServiceError?
        for result in results {
            switch result {
            case .success: report.put += 1
            case .failure(let error):
                report.failed += 1
                // The first error tells the cause: those behind it are records that were not sent because of it.
                reason = reason ?? error
            }
        }
        report.reason = reason.map { "\($0)" }
        return report
    }
}
