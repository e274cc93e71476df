import CRdkafka
import Testing

@testable import Kafka

/// Brokers that are away, slow, or come back.
@Suite struct KafkaOutageTests {
    let cluster = MockCluster()

    @Test func aBrokerThatIsDownIsSaidWithWhatWasNotDelivered() throws {
        let producer = try KafkaProducer(cluster.settings)
        try producer.send(record("before"))
        #expect(producer.flush(withinMs: 10_000).delivered == 1)
        cluster.setDown()
        for value in 0..<5 { try producer.send(record("\(value)")) }
        let report = producer.flush(withinMs: 1_000)
        #expect(report.delivered == 0 && report.undelivered == 5)
        let failure = try #require(report.failures[.brokersDown], "\(report)")
        #expect(failure.count == 5)
        #expect(failure.error.message.contains(cluster.settings.bootstrapServers[0]))
    }

    @Test func aBrokerThatNeverWasThereIsSaid() throws {
        // Nothing listens on port 1.
        let producer = try KafkaProducer(KafkaSettings(bootstrapServers: ["127.0.0.1:1"]))
        try producer.send(record("x"))
        let report = producer.flush(withinMs: 500)
        let failure = try #require(report.failures[.brokersDown], "\(report)")
        #expect(failure.count == 1 && failure.error.message.contains("127.0.0.1:1"))
        #expect(failure.error.message.contains("Connection refused"))
    }

    @Test func recordsOutliveABrokerThatIsAwayForAMoment() throws {
        let producer = try KafkaProducer(cluster.settings)
        for value in 0..<50 { try producer.send(record("\(value)")) }
        cluster.setDown()
        for value in 50..<100 { try producer.send(record("\(value)")) }
        // Time for connections to break with requests on them.
        #expect(producer.flushLeavesRecords(afterMs: 300))
        cluster.setUp()
        let report = producer.flush(withinMs: 20_000)
        #expect(report.delivered == 100 && report.undelivered == 0, "\(report)")
        let values = try cluster.records(of: "quotes", expected: 100).compactMap { $0.value }.map {
            String(decoding: $0, as: UTF8.self)
        }
        #expect(values.count == 100)
        #expect(Set(values).count == 100)
    }

    @Test func whatIsLeftWhenTheTimeIsUpIsCountedAndNotSentLater() throws {
        let producer = try KafkaProducer(cluster.settings)
        try producer.send(record("before"))
        #expect(producer.flush(withinMs: 10_000).delivered == 1)
        cluster.setRoundTrip(milliseconds: 3_000)
        for value in 0..<10 { try producer.send(record("\(value)")) }
        let report = producer.flush(withinMs: 300)
        #expect(report.delivered == 0 && report.undelivered == 10)
        let failure = try #require(report.failures[.timedOut], "\(report)")
        #expect(failure.count == 10 && failure.error.message.contains("quotes"))
        #expect(failure.error.message.hasSuffix("so that it may have arrived"))
        #expect(producer.flush(withinMs: 0) == DeliveryReport())

        cluster.setRoundTrip(milliseconds: 0)
        for value in 0..<10 { try producer.send(record("after \(value)")) }
        #expect(producer.flush(withinMs: 20_000).delivered == 10)
    }

    @Test func aFullQueueIsWaitedForAndThenSaid() throws {
        var settings = cluster.settings
        settings.maximumQueuedRecords = 10
        let producer = try KafkaProducer(settings)
        // Deliveries make room while it waits.
        for value in 0..<100 { try producer.send(record("\(value)")) }
        #expect(producer.flush(withinMs: 10_000).delivered == 100)

        cluster.setDown()
        for value in 0..<10 { try producer.send(record("\(value)")) }
        let error = #expect(throws: KafkaError.self) { try producer.send(record("one too many")) }
        #expect(error?.code == .queueFull)
        #expect(error?.message.contains("quotes") == true)
        let report = producer.flush(withinMs: 100)
        #expect(report.delivered == 0 && report.undelivered == 11)
        #expect(report.failures[.queueFull]?.count == 1)
        #expect(report.failures[.brokersDown]?.count == 10)
    }

    @Test func aProducerThatTheClusterRefusesIsMadeAgain() throws {
        cluster.answer(.initProducerID, with: [RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED])
        let producer = try KafkaProducer(cluster.settings)
        try producer.send(record("x"))
        let report = producer.flush(withinMs: 5_000)
        #expect(report.delivered == 0 && report.undelivered == 1)
        let failure = try #require(report.failures[.notAuthorised], "\(report)")
        #expect(failure.error.message.contains("quotes"))
        // As soon as it is granted, the same object works.
        try producer.send(record("y"))
        #expect(producer.flush(withinMs: 10_000).delivered == 1)
    }
}

extension KafkaProducer {
    /// Polls for a while, and says whether records wait then.
    fileprivate func flushLeavesRecords(afterMs: Int64) -> Bool { waitForDeliveries(withinMs: afterMs) > 0 }
}
