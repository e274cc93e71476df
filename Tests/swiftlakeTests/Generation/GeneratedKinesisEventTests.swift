import EventSources
internal import Foundation
import JSON
import Simulation
import Testing

@testable import swiftlake

@Suite struct GeneratedKinesisEventTests {
    @Test func recordsCarryTheReadingsInBase64() throws {
        let readings = SensorReadings(seed: 4)
        let event = try JSONValue(parsing: GeneratedKinesisEvent.text(readings, 5..<8))
        let records = try #require(event["Records"]?.elements)
        #expect(records.count == 3)
        for (index, record) in zip(5..., records) {
            let kinesis = try #require(record["kinesis"])
            let data = try #require(kinesis["data"]?.string.flatMap { Data(base64Encoded: $0) })
            #expect(Array(data) == readings.record(index))
            #expect(record["eventSource"]?.string == "aws:kinesis")
            #expect(record["eventID"]?.string == "shardId-000000000000:\(ShardSequenceNumber.text(Int64(index)))")
            #expect(kinesis["sequenceNumber"]?.string == ShardSequenceNumber.text(Int64(index)))
            #expect(kinesis["partitionKey"]?.string == "device-\(index % 12 + 1)")
        }
        #expect(records[0]["kinesis"]?["approximateArrivalTimestamp"] == .number("1767571204.285"))
    }
}
