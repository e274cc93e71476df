package import Kafka

extension KafkaProducer: RecordSink {}
