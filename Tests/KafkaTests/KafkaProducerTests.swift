import CRdkafka
import Testing

@testable import Kafka

@Suite struct KafkaProducerTests {
    let cluster = MockCluster()

    @Test func recordsArriveAsTheyWereGiven() throws {
        cluster.create(topic: "quotes")
        let producer = try KafkaProducer(cluster.settings)
        let given = [
            ProducerRecord(
                topic: "quotes", key: Array("BTC/USD".utf8), value: Array("{\"bars\":{}}".utf8),
                headers: [("source", Array("alpaca".utf8)), ("source", []), ("", [0, 255])],
                timestampMs: 1_700_000_000_123),
            ProducerRecord(topic: "quotes", key: nil, value: []),
            ProducerRecord(topic: "quotes", key: [], value: [0]),
        ]
        for record in given { try producer.send(record) }
        let report = producer.flush(withinMs: 10_000)
        #expect(report.delivered == 3 && report.undelivered == 0 && report.failures.isEmpty)

        let found = try cluster.records(of: "quotes", expected: 3)
        #expect(found.map(\.key) == given.map(\.key))
        #expect(found.map(\.value) == given.map(\.value))
        #expect(found.map(\.offset) == [0, 1, 2])
        #expect(found[0].timestampMs == 1_700_000_000_123)
        #expect(found[0].headers.map(\.name) == ["source", "source", ""])
        #expect(found[0].headers.map(\.value) == [Array("alpaca".utf8), [], [0, 255]])
        #expect(found[1].headers.isEmpty)
    }

    @Test func aReportBeginsWhereTheOneBeforeEnded() throws {
        let producer = try KafkaProducer(cluster.settings)
        #expect(producer.flush(withinMs: 1_000) == DeliveryReport())
        try producer.send(record("one"))
        #expect(producer.flush(withinMs: 10_000).delivered == 1)
        try producer.send(record("two"))
        try producer.send(record("three"))
        #expect(producer.flush(withinMs: 10_000).delivered == 2)
        #expect(producer.flush(withinMs: 1_000) == DeliveryReport())
    }

    @Test func aKeyDecidesThePartitionAsInKafkasOwnClients() throws {
        cluster.create(topic: "quotes", partitions: 8)
        let producer = try KafkaProducer(cluster.settings)
        // What Kafka's own partitioner, (murmur2(key) & 0x7fffffff) % 8, makes of these.
        let keys = ["BTC/USD", "ETH/USD", "kafka", "a", ""]
        for key in keys { try producer.send(record("x", key: key)) }
        #expect(producer.flush(withinMs: 10_000).delivered == keys.count)
        for found in try cluster.records(of: "quotes", expected: keys.count) {
            let key = try #require(found.key)
            #expect(found.partition == Int32(murmur2(key) & 0x7fff_ffff) % 8, "\(key)")
        }
    }

    @Test func aRecordAboveAMegabyteIsRefusedAtOnceAndCounted() throws {
        let producer = try KafkaProducer(cluster.settings)
        let large = ProducerRecord(topic: "quotes", key: nil, value: [UInt8](repeating: 1, count: 1_000_001))
        let error = #expect(throws: KafkaError.self) { try producer.send(large) }
        #expect(error?.code == .messageTooLarge)
        #expect(error?.message.hasPrefix("the Kafka topic quotes: the record or its batch is larger") == true)
        try producer.send(record("small"))
        let report = producer.flush(withinMs: 10_000)
        #expect(report.delivered == 1 && report.undelivered == 1)
        #expect(report.failures[.messageTooLarge]?.count == 1)
    }

    @Test(arguments: [
        (RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE, KafkaError.Code.messageTooLarge, "max.message.bytes"),
        (RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED, .notAuthorised, "kafka-cluster:WriteData"),
        (RD_KAFKA_RESP_ERR_INVALID_RECORD, .refused, "refused"),
    ])
    func whatABrokerRefusesIsSaidAndCounted(
        _ answer: rd_kafka_resp_err_t, _ code: KafkaError.Code, _ advice: String
    ) throws {
        let producer = try KafkaProducer(cluster.settings)
        try producer.send(record("before"))
        #expect(producer.flush(withinMs: 10_000).delivered == 1)
        cluster.answer(.produce, with: [answer])
        for value in ["one", "two", "three"] { try producer.send(record(value)) }
        let report = producer.flush(withinMs: 10_000)
        let failure = try #require(report.failures[code], "\(report)")
        #expect(report.delivered + report.undelivered == 3 && report.undelivered == failure.count)
        #expect(failure.error.message.contains("quotes") && failure.error.message.contains(advice))
        // It is good for what comes after.
        try producer.send(record("after"))
        #expect(producer.flush(withinMs: 10_000).delivered == 1)
    }

    @Test func anAnswerToTryAgainIsTriedAgain() throws {
        let producer = try KafkaProducer(cluster.settings)
        cluster.answer(
            .produce,
            with: [
                RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION, RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS,
                RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT,
            ])
        for value in 0..<20 { try producer.send(record("\(value)")) }
        #expect(producer.flush(withinMs: 10_000).delivered == 20)
        #expect(try cluster.records(of: "quotes", expected: 20).count == 20)
    }

    @Test func aTopicThatDoesNotExistIsSaid() throws {
        cluster.set(topic: "missing", RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART)
        let producer = try KafkaProducer(cluster.settings)
        try producer.send(record("x", topic: "missing"))
        let report = producer.flush(withinMs: 10_000)
        #expect(report.delivered == 0 && report.undelivered == 1)
        let failure = try #require(report.failures[.unknownTopic], "\(report)")
        #expect(failure.error.message.hasPrefix("the Kafka topic missing does not exist"))
    }

    @Test func aNameThatIsNoneIsRefused() throws {
        let producer = try KafkaProducer(cluster.settings)
        for topic in ["", "a\0b"] {
            let error = #expect(throws: KafkaError.self) { try producer.send(record("x", topic: topic)) }
            #expect(error?.code == .configuration)
        }
        #expect(producer.flush(withinMs: 1_000).undelivered == 2)
    }
}

/// The hash of a key in Kafka's own clients (org.apache.kafka.common.utils.Utils.murmur2), from its description: MurmurHash2 of
/// 32 bits with the seed 0x9747b28c.
private func murmur2(_ bytes: [UInt8]) -> UInt32 {
    let multiplier: UInt32 = 0x5bd1_e995
    var hash = 0x9747_b28c ^ UInt32(bytes.count)
    var rest = bytes[...]
    while rest.count >= 4 {
        var word = rest.prefix(4).reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        rest = rest.dropFirst(4)
        word = word &* multiplier
        word ^= word >> 24
        hash = hash &* multiplier ^ word &* multiplier
    }
    if !rest.isEmpty {
        hash ^= rest.reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        hash = hash &* multiplier
    }
    hash ^= hash >> 13
    hash = hash &* multiplier
    return hash ^ hash >> 15
}
