import JSON
import Simulation
import Testing

@testable import swiftlake

@Suite struct GeneratedKafkaEventTests {
    @Test func anEventHasTheShapeOfMSKs() throws {
        let event = try JSONValue(parsing: GeneratedKafkaEvent.text(TradeRecords(seed: 1).topic, 4..<8))
        #expect(event["eventSource"]?.string == "aws:kafka")
        #expect(event["eventSourceArn"]?.string == GeneratedKafkaEvent.clusterARN)
        let partitions = try #require(event["records"]?.members)
        #expect(partitions.map(\.name) == ["coinbase-trades-0", "coinbase-trades-1", "coinbase-trades-2"])
        let offsets = partitions.map { $0.value.elements?.map { $0["offset"]?.integer } }
        #expect(offsets == [[2], [1, 2], [1]])
        let record = try #require(partitions[1].value.elements?.first)
        #expect(record["topic"]?.string == "coinbase-trades" && record["partition"]?.integer == 1)
        #expect(record["timestampType"]?.string == "CREATE_TIME")
        #expect(record["timestamp"]?.integer == TradeRecords(seed: 1).record(4).timestampMs)
        #expect(record["key"]?.string?.isEmpty == false && record["headers"]?.elements?.isEmpty == true)
    }
}
