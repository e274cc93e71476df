public import LambdaRuntime

/// What detect-anomalies is called with: a batch of a Kinesis stream, or a schedule that asks for a look at what is silent.
public enum DetectionEvent: LambdaEvent {
    /// Records of a stream.
    case records(KinesisEvent)
    /// What a schedule sends.
    case schedule(JSONEvent)

    /// A schedule sends no more than this, in bytes: a longer event is read once only.
    private static let longestSchedule = 64 << 10

    /// Decodes an event. What has `Records` is a batch; anything else that is an object is a schedule's.
    /// - Throws: `EventError` with the field that is wrong.
    public init(_ buffer: EventBuffer) throws(EventError) {
        do throws(EventError) {
            self = .records(try KinesisEvent(buffer))
        } catch {
            guard error.code == .missingField, error.path == "Records", buffer.count <= Self.longestSchedule else {
                throw error
            }
            self = .schedule(try JSONEvent(buffer))
        }
    }
}
