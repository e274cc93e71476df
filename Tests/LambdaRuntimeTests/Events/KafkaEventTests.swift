import TestSupport
import Testing

@testable import LambdaRuntime

struct KafkaEventTests {
    /// As AWS documents it, with more partitions and topics, signed header bytes, and absent keys and values.
    static let batch = #"""
        {
          "eventSource": "aws:kafka",
          "eventSourceArn": "arn:aws:kafka:us-east-1:123456789012:cluster/vpc-2priv-2pub/751d2973-a626-431c-9d4e-d7975eb44dd7-2",
          "bootstrapServers": "b-2.demo:9092,b-1.demo:9092",
          "records": {
            "mytopic-0": [
              {
                "topic": "mytopic", "partition": 0, "offset": 15, "timestamp": 1545084650987,
                "timestampType": "CREATE_TIME", "key": "abcDEFghiJKLmnoPQRstuVWXyz1234==",
                "value": "SGVsbG8sIHRoaXMgaXMgYSB0ZXN0Lg==",
                "headers": [ { "headerKey": [104, 101, 97, 100, 101, 114, 86, 97, 108, 117, 101] },
                             { "signed": [104, -61, -74, 195, 182, 255, -128, 0] }, { "empty": [] } ]
              },
              { "topic": "mytopic", "partition": 0, "offset": 16, "timestamp": 1545084650988,
                "timestampType": "LOG_APPEND_TIME", "value": "SGk=", "headers": [] }
            ],
            "mytopic-12": [
              { "topic": "mytopic", "partition": 12, "offset": 9223372036854775807, "timestamp": 1,
                "timestampType": "CREATE_TIME", "key": "a2V5", "value": null,
                "valueSchemaMetadata": { "dataFormat": "AVRO", "schemaId": "1" } }
            ],
            "other-0": [ { "topic": "other", "partition": 0, "offset": 0 } ]
          }
        }
        """#

    private func event(_ text: String) throws -> KafkaEvent { try KafkaEvent(EventBuffer(Array(text.utf8))) }

    @Test func everyFieldIsShown() throws {
        let event = try event(Self.batch)
        #expect(event.source == .msk)
        #expect(event.clusterARN?.string.hasPrefix("arn:aws:kafka:us-east-1:123456789012:cluster/") == true)
        #expect(event.bootstrapServers == ["b-2.demo:9092", "b-1.demo:9092"])
        #expect(
            event.records.map { "\($0.topic.string)-\($0.partition)@\($0.offset)" } == [
                "mytopic-0@15", "mytopic-0@16", "mytopic-12@9223372036854775807", "other-0@0",
            ])
        let first = event.records[0]
        #expect(first.timestampMs == 1_545_084_650_987 && first.timestampType == .createTime)
        #expect(try first.value?.decoded() == Array("Hello, this is a test.".utf8))
        #expect(first.key?.encoded.string == "abcDEFghiJKLmnoPQRstuVWXyz1234==")
        #expect(
            first.headers == [
                KafkaHeader(name: "headerKey", value: Array("headerValue".utf8)),
                KafkaHeader(name: "signed", value: [104, 0xC3, 0xB6, 0xC3, 0xB6, 0xFF, 0x80, 0]),
                KafkaHeader(name: "empty", value: []),
            ])
        #expect(event.records[1].key == nil && event.records[1].timestampType == .logAppendTime)
        #expect(event.records[2].value == nil && event.records[2].key?.encoded.string == "a2V5")
        #expect(event.records[3].key == nil && event.records[3].value == nil && event.records[3].headers.isEmpty)
    }

    @Test(arguments: ["SelfManagedKafka", "aws:SelfManagedKafka"])
    func selfManagedClustersHaveNoARN(source: String) throws {
        let event = try event(
            #"{"eventSource":"\#(source)","bootstrapServers":"a:1, b:2","records":{"t-0":[{"topic":"t","partition":0,"offset":1}]}}"#
        )
        #expect(event.source == .selfManaged && event.clusterARN == nil)
        #expect(event.bootstrapServers == ["a:1", "b:2"])
    }

    @Test func escapesAreUndone() throws {
        let event = try event(
            #"{"eventSource":"SelfManagedKafka","records":{"t-0":[{"topic":"\u0074","partition":0,"offset":1,"key":"\/\/8=","value":"AA\u003d\u003d","headers":[{"\u0061":[1]}]}]}}"#
        )
        let record = event.records[0]
        #expect(record.topic == "t" && record.key?.encoded.string == "//8=" && record.value?.encoded.string == "AA==")
        #expect(record.headers == [KafkaHeader(name: "a", value: [1])])
    }

    @Test func aHeaderWithoutAValueIsEmpty() throws {
        let event = try event(
            #"{"eventSource":"SelfManagedKafka","bootstrapServers":" , ,a:1,","records":{"t-0":["#
                + #"{"topic":"t","partition":0,"offset":1,"headers":[{"a":null},{"b":[1],"c":null}]}]}}"#)
        #expect(
            event.records[0].headers == [
                KafkaHeader(name: "a", value: []), KafkaHeader(name: "b", value: [1]),
                KafkaHeader(name: "c", value: []),
            ])
        #expect(event.bootstrapServers == ["a:1"])
    }

    static let faults: [(old: String, new: String, code: EventError.Code, path: String)] = [
        (#""aws:kafka""#, #""aws:kinesis""#, .wrongSource, "eventSource"),
        (#""eventSource": "aws:kafka","#, "", .missingField, "eventSource"),
        (#""eventSourceArn":"#, #""x":"#, .missingField, "eventSourceArn"),
        (#""records": {"#, #""x": {"#, .missingField, "records"),
        (#""offset": 15"#, #""offset": -1"#, .badValue, "records.mytopic-0[0].offset"),
        (#""offset": 15"#, #""offset": 9223372036854775808"#, .badValue, "records.mytopic-0[0].offset"),
        (#""offset": 15"#, #""offset": 1.5"#, .badValue, "records.mytopic-0[0].offset"),
        (#""offset": 15"#, #""offset": "15""#, .wrongKind, "records.mytopic-0[0].offset"),
        (#""offset": 15,"#, "", .missingField, "records.mytopic-0[0].offset"),
        (#""partition": 12"#, #""partition": 2147483648"#, .badValue, "records.mytopic-12[0].partition"),
        (#""topic": "other", "#, "", .missingField, "records.other-0[0].topic"),
        (#""a2V5""#, "[]", .wrongKind, "records.mytopic-12[0].key"),
        ("-128", "-129", .badValue, "records.mytopic-0[0].headers"),
        ("255", "256", .badValue, "records.mytopic-0[0].headers"),
        ("255", "99999", .badValue, "records.mytopic-0[0].headers"),
        (#""headers": []"#, #""headers": {}"#, .wrongKind, "records.mytopic-0[1].headers"),
        ("LOG_APPEND_TIME", "SOME_TIME", .badValue, "records.mytopic-0[1].timestampType"),
    ]

    @Test(arguments: faults)
    func whatIsWrongIsNamed(old: String, new: String, code: EventError.Code, path: String) {
        let error = #expect(throws: EventError.self) { try event(Self.batch.replacing(old, with: new)) }
        #expect(error?.code == code)
        #expect(error?.path == path)
    }

    @Test(arguments: [
        ("", EventError.Code.malformed), ("{}", .missingField), ("[]", .wrongKind),
        (#"{"eventSource":"aws:kafka","eventSourceArn":"a","records":{}}"#, .badValue),
        (#"{"eventSource":"aws:kafka","eventSourceArn":"a","records":[]}"#, .wrongKind),
        (#"{"eventSource":"aws:kafka","eventSourceArn":"a","records":{"t-0":{}}}"#, .wrongKind),
        (KinesisEventTests.batch, .wrongSource), (EventBridgeEventTests.rule, .missingField),
    ])
    func otherEventsAreRefused(text: String, code: EventError.Code) {
        let error = #expect(throws: EventError.self) { try event(text) }
        #expect(error?.code == code)
    }

    @Test func truncationsAndMutationsNeverTrap() {
        let bytes = Array(Self.batch.utf8)
        for count in 0..<bytes.count {
            #expect(throws: EventError.self) { try KafkaEvent(EventBuffer(Array(bytes[..<count]))) }
        }
        var random = SeededGenerator(seed: 4)
        for _ in 0..<3000 {
            var mutated = bytes
            mutated.mutate(&random)
            guard let event = try? KafkaEvent(EventBuffer(mutated)) else { continue }
            for record in event.records {
                _ = (try? record.key?.decoded(), try? record.value?.decoded(), record.headers, record.topic.string)
            }
        }
    }

    @Test func repliesAreWrittenExactly() {
        #expect(KafkaBatchReply().response == LambdaResponse(json: #"{"batchItemFailures":[]}"#))
        let reply = KafkaBatchReply(failures: [
            .init(topic: "my-topic", partition: 0, offset: 100), .init(topic: "my-topic", partition: 12, offset: .max),
        ])
        #expect(
            reply.response
                == LambdaResponse(
                    json: #"{"batchItemFailures":[{"itemIdentifier":{"partition":"my-topic-0","offset":100}},"#
                        + #"{"itemIdentifier":{"partition":"my-topic-12","offset":9223372036854775807}}]}"#))
    }
}
