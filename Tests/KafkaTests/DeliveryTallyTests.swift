import Testing

@testable import Kafka

@Suite struct DeliveryTallyTests {
    @Test func eachKindKeepsItsFirstErrorAndItsCount() {
        var tally = DeliveryTally()
        tally.delivered += 4
        tally.fail(KafkaError(.timedOut, "first"))
        tally.fail(KafkaError(.timedOut, "second"))
        tally.fail(KafkaError(.messageTooLarge, "large"))
        let report = tally.report()
        #expect(report.delivered == 4 && report.undelivered == 3)
        #expect(report.failures[.timedOut] == .init(error: KafkaError(.timedOut, "first"), count: 2))
        #expect(report.failures[.messageTooLarge] == .init(error: KafkaError(.messageTooLarge, "large"), count: 1))
        #expect(tally.report() == DeliveryReport())
    }
}
