/// A line that librdkafka would have written to its standard error.
public struct KafkaLogLine: Equatable, Sendable {
    /// How grave it is, as syslog counts (RFC 5424 §6.2.1): 3 is an error, 4 a warning, 6 information, 7 debugging.
    public let severity: Int
    /// Which part of librdkafka says it, such as `FAIL`.
    public let facility: String
    /// What it says; holds no secret and no payload.
    public let text: String
}
