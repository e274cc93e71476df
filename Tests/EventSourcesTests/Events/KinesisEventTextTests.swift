import JSON
import TestSupport
import Testing

@testable import EventSources

@Suite struct KinesisEventTextTests {
    private let event = KinesisEventText(
        streamARN: "arn:aws:kinesis:eu-west-1:123456789012:stream/s", region: "eu-west-1",
        roleARN: "arn:aws:iam::123456789012:role/r")

    @Test func anEventIsAsLambdaSendsIt() {
        let record = StreamRecord(
            shard: "shardId-000000000003", offset: 41, key: Array("k\"1".utf8), value: Array("Hello".utf8),
            timestampMs: 1_545_084_650_007)
        let number = "49660123456789012345678901234567890123450000000000000042"
        #expect(
            String(decoding: event.text([record]), as: UTF8.self)
                == #"{"Records":[{"eventID":"shardId-000000000003:\#(number)","eventName":"aws:kinesis:record","#
                + #""eventSource":"aws:kinesis","eventVersion":"1.0","#
                + #""invokeIdentityArn":"arn:aws:iam::123456789012:role/r","awsRegion":"eu-west-1","#
                + #""eventSourceARN":"arn:aws:kinesis:eu-west-1:123456789012:stream/s","#
                + #""kinesis":{"kinesisSchemaVersion":"1.0","partitionKey":"k\"1","sequenceNumber":"\#(number)","#
                + #""data":"SGVsbG8=","approximateArrivalTimestamp":1545084650.007}}]}"#)
    }

    @Test func aStreamsOwnSequenceNumberComesFirst() throws {
        let record = StreamRecord(
            shard: "shardId-000000000000", offset: 0, sequenceNumber: "4959", key: nil, value: [], timestampMs: 0)
        let value = try JSONValue(parsing: event.text([record]))
        #expect(value["Records"]?.elements?.first?["kinesis"]?["sequenceNumber"]?.string == "4959")
        #expect(event.identifier(of: record) == .sequenceNumber("4959"))
    }

    @Test func sizesAreExact() {
        var generator = SeededGenerator(seed: 1)
        for count in 0..<30 {
            let records = (0..<count).map { StreamRecord.random(of: "shardId-000000000000", $0, &generator) }
            let expected = event.text(records).count
            // Without records there is no first one whose missing comma could be taken off.
            #expect(event.byteCount(records) == (count == 0 ? expected - 1 : expected))
        }
    }
}

extension StreamRecord {
    /// A record with a key and a value of any bytes, though a text that JSON must escape is likely.
    static func random(
        of shard: String, _ offset: Int, _ generator: inout SeededGenerator
    ) -> StreamRecord {
        let key = (0..<Int.random(in: 1...20, using: &generator)).map { _ in
            UInt8.random(in: 0..<128, using: &generator)
        }
        let value = (0..<Int.random(in: 0...40, using: &generator)).map { _ in
            UInt8.random(in: 0...255, using: &generator)
        }
        let step = Int64.random(in: 0..<1000, using: &generator)
        return StreamRecord(
            shard: shard, offset: Int64(offset), key: key, value: value, timestampMs: 1_767_571_200_000 + step)
    }
}
