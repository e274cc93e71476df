package import Kafka

/// Where records are sent: a Kafka cluster, or what stands in for one in a test. One thread may use it.
package protocol RecordSink {
    /// Puts a record into the queue. What becomes of it is in the next report, also if this throws.
    func send(_ record: ProducerRecord) throws(KafkaError)
    /// Waits until every record is delivered or refused; what is neither after that time, in milliseconds, is given up.
    func flush(withinMs: Int64) -> DeliveryReport
}
