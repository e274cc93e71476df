public import Kafka
public import LambdaRuntime

extension KafkaError: LambdaErrorType {
    /// What Lambda calls the error, such as `Kafka.BrokersDown`.
    public var errorType: String { "Kafka.\(code.rawValue)" }
}
