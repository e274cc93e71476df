import Testing

@testable import LambdaRuntime

struct KinesisRecordTests {
    private func record(shard: String = "shardId-0", number: String, stream: String = "s") throws -> KinesisRecord {
        let text = #"""
            {"Records":[{"kinesis":{"partitionKey":"","sequenceNumber":"\#(number)","data":"",
            "approximateArrivalTimestamp":1},"eventSource":"aws:kinesis","eventID":"\#(shard):\#(number)",
            "eventSourceARN":"arn:\#(stream)"}]}
            """#
        return try #require(try KinesisEvent(EventBuffer(Array(text.utf8))).records.first)
    }

    @Test(arguments: [
        ("1", "2", true), ("2", "1", false), ("2", "2", false), ("9", "10", true), ("10", "9", false),
        ("009", "10", true), ("010", "9", false), ("007", "7", false), ("0", "1", true), ("00", "0", false),
    ])
    func shardSequenceNumbersAreOrderedAsNumbers(left: String, right: String, precedes: Bool) throws {
        let (leftRecord, rightRecord) = (try record(number: left), try record(number: right))
        #expect(leftRecord.precedes(rightRecord) == precedes)
        #expect(leftRecord.sequenceNumber.precedesAsDecimal(rightRecord.sequenceNumber) == precedes)
    }

    @Test func recordsAreOfOneShardIfShardAndStreamAreTheSame() throws {
        let first = try record(number: "1")
        #expect(first.isOfSameShard(as: first))
        #expect(first.isOfSameShard(as: try record(number: "2")))
        #expect(!first.isOfSameShard(as: try record(shard: "shardId-1", number: "1")))
        #expect(!first.isOfSameShard(as: try record(shard: "shardId-", number: "1")))
        #expect(!first.isOfSameShard(as: try record(number: "1", stream: "t")))
    }
}
