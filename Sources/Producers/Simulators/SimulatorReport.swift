internal import JSON
internal import LambdaRuntime
internal import Lake
internal import Logging

/// What one run of a simulating job came to.
struct SimulatorReport: Equatable {
    /// The job.
    let job: String
    /// Name of the stream in `lake.json`.
    let stream: String
    /// Where its records went, for people.
    let target: String
    /// What became of the records.
    var records = PutReport()
    /// Records of the run that time did not suffice for.
    var left = 0
    /// What became of the minute.
    var minute: MinuteReport

    /// Why the invocation is an error: not one record got through.
    var error: JobError? {
        guard records.failed > 0, records.put == 0 else { return nil }
        return JobError(
            .producers(.undelivered),
            "none of \(records.failed) records got into \(target): \(records.reason ?? "no reason is known")")
    }

    /// The reply.
    var response: LambdaResponse {
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("stream", stream)
            writer.member("records") { writer in
                writer.object { writer in
                    writer.member("put", records.put)
                    writer.member("failed", records.failed)
                    writer.member("left", left)
                }
            }
            minute.write(to: &writer)
        }
        return LambdaResponse(writer.bytes)
    }

    /// Writes what happened as one log line, and as metrics.
    func log(_ context: Context) {
        let fields: Logger.Metadata = [
            "stream": "\(stream)", "put": .stringConvertible(records.put), "failed": .stringConvertible(records.failed),
            "left": .stringConvertible(left), "late": .stringConvertible(minute.isLate),
        ]
        if records.failed > 0 {
            context.log.warning("some records were not put into \(target)", metadata: fields)
        } else {
            context.log.info("the minute's records were put into \(target)", metadata: fields)
        }
        for (metric, count) in [("RecordsPut", records.put), ("RecordsFailed", records.failed), ("RecordsLeft", left)] {
            context.metrics.put(metric, count, dimensions: ["Job": job])
        }
        minute.count(in: context.metrics, job: job)
    }
}
