package import Kafka
package import Lake
package import LambdaRuntime

/// A job's way to its Kafka cluster, which is opened when it is first needed and again when the cluster did not believe
/// who we say we are: the password may have been exchanged since. One thread may use it.
package final class RecordDelivery {
    private let open: () throws -> any RecordSink
    private let clock: WallClock
    private var sink: (any RecordSink)?
    /// Delivering is given this long even if the step's time is over, in milliseconds.
    private static let leastMs: Int64 = 250

    /// A way that is not open yet.
    package init(_ clock: WallClock, open: @escaping () throws -> any RecordSink) {
        self.clock = clock
        self.open = open
    }

    /// Opens the way, so that connections are made while something else is waited for.
    /// - Throws: `KafkaError`, or whatever the settings cannot be had for.
    package func prepare() throws { _ = try opened() }

    /// Sends records and waits until each is delivered or given up.
    /// - Parameter endMs: until when, in milliseconds since the epoch.
    /// - Throws: if the way cannot be opened; then nothing is sent.
    package func deliver(_ records: some Sequence<ProducerRecord>, untilMs endMs: Int64) throws -> DeliveryReport {
        let sink = try opened()
        for record in records {
            // One that cannot be sent is in the report, and the others go on.
            do throws(KafkaError) { try sink.send(record) } catch { continue }
        }
        let report = sink.flush(withinMs: max(Self.leastMs, endMs - clock.milliseconds))
        if report.failures[.authenticationFailed] != nil { self.sink = nil }
        return report
    }

    private func opened() throws -> any RecordSink {
        if let sink { return sink }
        let opened = try open()
        sink = opened
        return opened
    }
}

extension DeliveryReport {
    /// What was not delivered and why, as an error of the step; nil if all was.
    package var failure: JobError? {
        guard undelivered > 0 else { return nil }
        let reasons = failures.sorted { $0.value.count > $1.value.count }
            .map { "\($0.value.count) × \($0.key.rawValue): \($0.value.error)" }
        return JobError(
            .producers(.undelivered),
            "\(undelivered) of \(delivered + undelivered) records were not delivered: "
                + reasons.joined(separator: "; "))
    }
}
