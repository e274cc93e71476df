import Testing

@testable import EventSources
@testable import swiftlake

@Suite struct TwinControlTests {
    @Test func nothingIsMadeOnceTheTwinDrains() {
        let control = TwinControl()
        #expect(!control.isProducing)
        #expect(control.producerStarted())
        control.drain()
        // What began before is waited for, and nothing begins any more.
        #expect(control.isProducing && !control.producerStarted())
        control.producerEnded()
        #expect(!control.isProducing)
    }

    @Test func recordsGivenUpThatCannotBeKeptAreAFault() {
        let control = TwinControl()
        let folder = FailureFolder(path: "/dev/null/failures", mapping: "kinesis-ingest-a", control: control)
        folder.take(
            FailureRecord(
                condition: .retryAttemptsExhausted,
                records: [StreamRecord(shard: "a-0", offset: 1, key: nil, value: [], timestampMs: 0)], functionARN: "f",
                requestID: "r", approximateInvokeCount: 1, isFunctionError: true, timestampMs: 0,
                text: KafkaEventText(clusterARN: nil, bootstrapServers: "a:1")))
        // Positions are not kept from then on: see `Lane`.
        #expect(control.fault?.contains("cannot be written") == true)
        #expect(control.phase == .ending)
    }
}
