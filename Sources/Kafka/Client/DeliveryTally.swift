/// Counts what becomes of records until it is reported.
struct DeliveryTally {
    /// Records acknowledged since the report before.
    var delivered = 0
    private var failures: [KafkaError.Code: DeliveryReport.Failure] = [:]

    /// One more record that is not delivered.
    mutating func fail(_ error: @autoclosure () -> KafkaError) {
        let error = error()
        if failures[error.code] != nil {
            failures[error.code]?.count += 1
        } else {
            failures[error.code] = DeliveryReport.Failure(error: error, count: 1)
        }
    }

    /// The counts, which begin again at nothing.
    mutating func report() -> DeliveryReport {
        var report = DeliveryReport()
        report.delivered = delivered
        report.failures = failures
        report.undelivered = failures.values.reduce(0) { $0 + $1.count }
        self = DeliveryTally()
        return report
    }
}
