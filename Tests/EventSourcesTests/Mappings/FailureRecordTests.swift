import JSON
import Testing

@testable import EventSources

@Suite struct FailureRecordTests {
    private func record(
        _ text: any EventText, _ records: [StreamRecord], calls: Int = 3, isFunctionError: Bool = true
    ) -> FailureRecord {
        FailureRecord(
            condition: .retryAttemptsExhausted, records: records, functionARN: Samples.functionARN, requestID: "r-1",
            approximateInvokeCount: calls, isFunctionError: isFunctionError, timestampMs: 1_573_691_886_021, text: text)
    }

    @Test func aRecordOfKinesisIsAsAWSWritesIt() {
        let json = record(Samples.kinesis, Samples.records(4..<6)).json(payload: false)
        #expect(
            String(decoding: json, as: UTF8.self)
                == #"{"requestContext":{"requestId":"r-1","functionArn":"arn:aws:lambda:eu-west-1:1:function:f","#
                + #""condition":"RetryAttemptsExhausted","approximateInvokeCount":3},"#
                + #""responseContext":{"statusCode":200,"executedVersion":"$LATEST","functionError":"Unhandled"},"#
                + #""version":"1.0","timestamp":"2019-11-14T00:38:06.021Z","#
                + #""KinesisBatchInfo":{"shardId":"shardId-000000000000","#
                + #""startSequenceNumber":"49660123456789012345678901234567890123450000000000000005","#
                + #""endSequenceNumber":"49660123456789012345678901234567890123450000000000000006","#
                + #""approximateArrivalOfFirstRecord":"1970-01-01T00:00:04.000Z","#
                + #""approximateArrivalOfLastRecord":"1970-01-01T00:00:05.000Z","batchSize":2,"#
                + #""streamArn":"arn:aws:kinesis:eu-west-1:1:stream/s"}}"#)
    }

    @Test func aRecordOfKafkaNamesEachPartition() throws {
        let records = Samples.records(4..<6, of: "t-1") + Samples.records(7..<8, of: "t-0")
        let value = try JSONValue(parsing: record(Samples.kafka, records).json())
        let info = try #require(value["KafkaBatchInfo"])
        #expect(info["batchSize"]?.integer == 3 && info["bootstrapServers"]?.string == "b:9098")
        #expect(info["eventSourceArn"]?.string == Samples.kafka.clusterARN)
        let event = Samples.kafka.text(records)
        #expect(info["payloadSize"]?.integer == Int64(event.count))
        #expect(value["payload"]?.string == String(decoding: event, as: UTF8.self))
        let partitions = try #require(info["recordsInfo"]?.members)
        #expect(partitions.map(\.name) == ["t-0", "t-1"])
        #expect(
            partitions[1].value
                == .object([
                    ("firstRecordOffset", .string("4")), ("lastRecordOffset", .string("5")),
                    ("firstRecordTimestamp", .string("1970-01-01T00:00:04.000Z")),
                    ("lastRecordTimestamp", .string("1970-01-01T00:00:05.000Z")),
                ]))
    }

    @Test func recordsThatNoCallHadHaveNoResponse() throws {
        let value = try JSONValue(parsing: record(Samples.kinesis, Samples.records(0..<1), calls: 0).json())
        #expect(value["responseContext"] == .null)
        let replied = record(Samples.kinesis, Samples.records(0..<1), isFunctionError: false)
        #expect(try JSONValue(parsing: replied.json())["responseContext"]?["functionError"] == .null)
    }

    @Test func objectsAreNamedByMappingShardAndTime() {
        #expect(
            record(Samples.kinesis, Samples.records(0..<1)).objectName(mapping: "m", random: "x")
                == "aws/lambda/m/shardId-000000000000/2019/11/14/2019-11-14T00.38.06-x")
        #expect(
            record(Samples.kafka, Samples.records(0..<1, of: "t-0")).objectName(mapping: "m", random: "x")
                == "aws/lambda/m/2019/11/14/2019-11-14T00.38.06-x")
    }
}
