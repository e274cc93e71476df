import JSON
import TestSupport
import Testing

@testable import LambdaRuntime

struct KinesisEventTests {
    /// As AWS documents it, with a second record in another order of fields and with fields of the future.
    static let batch = #"""
        {
          "Records": [
            {
              "kinesis": {
                "kinesisSchemaVersion": "1.0",
                "partitionKey": "1",
                "sequenceNumber": "49590338271490256608559692538361571095921575989136588898",
                "data": "SGVsbG8sIHRoaXMgaXMgYSB0ZXN0Lg==",
                "approximateArrivalTimestamp": 1545084650.987
              },
              "eventSource": "aws:kinesis",
              "eventVersion": "1.0",
              "eventID": "shardId-000000000006:49590338271490256608559692538361571095921575989136588898",
              "eventName": "aws:kinesis:record",
              "invokeIdentityArn": "arn:aws:iam::111122223333:role/lambda-role",
              "awsRegion": "us-east-2",
              "eventSourceARN": "arn:aws:kinesis:us-east-2:111122223333:stream/lambda-stream"
            },
            {
              "future": {"nested": [1, {"Records": []}]},
              "eventSourceARN": "arn:aws:kinesis:us-east-2:111122223333:stream/lambda-stream",
              "eventID": "shardId-000000000006:49590338271490256608559692540925702759324208523137515618",
              "kinesis": {
                "approximateArrivalTimestamp": 1545084711.1,
                "encryptionType": null,
                "data": "VGhpcyBpcyBvbmx5IGEgdGVzdC4=",
                "sequenceNumber": "49590338271490256608559692540925702759324208523137515618",
                "partitionKey": "schlüssel"
              },
              "eventSource": "aws:kinesis"
            }
          ]
        }
        """#

    static let windowed = #"""
        {
          "Records": [],
          "window": { "start": "2020-12-09T07:04:00Z", "end": "2020-12-09T07:06:00Z" },
          "state": { "1": 282, "2": [715] },
          "shardId": "shardId-000000000006",
          "eventSourceARN": "arn:aws:kinesis:us-east-1:123456789012:stream/lambda-stream",
          "isFinalInvokeForWindow": true,
          "isWindowTerminatedEarly": false
        }
        """#

    /// A batch of one record, with one text replaced.
    private func event(replacing old: String = "", with new: String = "") -> EventBuffer {
        let text = #"""
            {"Records":[{"kinesis":{"partitionKey":"k","sequenceNumber":"495","data":"SGk=","approximateArrivalTimestamp":1.5},"eventSource":"aws:kinesis","eventID":"shardId-0:495","eventSourceARN":"arn"}]}
            """#
        return EventBuffer(Array((old.isEmpty ? text : text.replacing(old, with: new)).utf8))
    }

    @Test func everyFieldIsShown() throws {
        let event = try KinesisEvent(EventBuffer(Array(Self.batch.utf8)))
        #expect(event.window == nil && event.records.count == 2)
        let first = event.records[0]
        #expect(first.sequenceNumber == "49590338271490256608559692538361571095921575989136588898")
        #expect(first.partitionKey == "1")
        #expect(first.data.encoded == "SGVsbG8sIHRoaXMgaXMgYSB0ZXN0Lg==")
        #expect(try first.data.decoded() == Array("Hello, this is a test.".utf8))
        #expect(first.approximateArrivalTimestampMs == 1_545_084_650_987)
        #expect(first.shardID == "shardId-000000000006")
        #expect(first.eventID == "shardId-000000000006:49590338271490256608559692538361571095921575989136588898")
        #expect(first.streamARN == "arn:aws:kinesis:us-east-2:111122223333:stream/lambda-stream")
        let second = event.records[1]
        #expect(second.partitionKey == "schlüssel" && second.approximateArrivalTimestampMs == 1_545_084_711_100)
        #expect(second.streamARN == first.streamARN && second.shardID == first.shardID)
    }

    @Test func aTumblingWindowMayCloseWithoutRecords() throws {
        let event = try KinesisEvent(EventBuffer(Array(Self.windowed.utf8)))
        let window = try #require(event.window)
        #expect(event.records.isEmpty)
        #expect(window.start == "2020-12-09T07:04:00Z" && window.end == "2020-12-09T07:06:00Z")
        #expect(try JSONValue(parsing: window.state.copy)["1"]?.integer == 282)
        #expect(window.shardID == "shardId-000000000006")
        #expect(window.streamARN == "arn:aws:kinesis:us-east-1:123456789012:stream/lambda-stream")
        #expect(window.isFinalInvokeForWindow && !window.isWindowTerminatedEarly)
    }

    @Test(arguments: [
        ("1.5", Int64(1500)), ("0", 0), ("1480641523.477", 1_480_641_523_477), ("1480641523.4774", 1_480_641_523_477),
        ("1480641523.4776", 1_480_641_523_478), ("1.480641523477E9", 1_480_641_523_477),
        ("1428537600.0", 1_428_537_600_000),
        ("-1.5", -1500), ("1607497475", 1_607_497_475_000),
    ])
    func arrivalTimesAreReadToTheMillisecond(text: String, milliseconds: Int64) throws {
        let event = try KinesisEvent(event(replacing: "1.5", with: text))
        #expect(event.records[0].approximateArrivalTimestampMs == milliseconds)
    }

    @Test func escapesAreUndone() throws {
        let escaped = event(replacing: "SGk=", with: #"\u0053Gk\/SGk\/"#)
        let event = try KinesisEvent(escaped)
        #expect(event.records[0].data.encoded == "SGk/SGk/")
        let key = try KinesisEvent(self.event(replacing: #""k""#, with: #""a\n\"\ud83d\ude00""#))
        #expect(key.records[0].partitionKey == "a\n\"😀")
        #expect(
            try KinesisEvent(escaped).records[0].data == event.records[0].data, "decoding leaves the text as it was")
    }

    @Test func aViewOutlivesTheEvent() throws {
        var view: ByteView?
        do { view = try KinesisEvent(event()).records[0].partitionKey }
        #expect(try #require(view) == "k")
    }

    static let faults: [(old: String, new: String, code: EventError.Code, path: String)] = [
        (#""eventSource":"aws:kinesis","#, "", .missingField, "Records[0].eventSource"),
        (#""aws:kinesis""#, #""aws:sqs""#, .wrongSource, "Records[0].eventSource"),
        (#""aws:kinesis""#, "1", .wrongKind, "Records[0].eventSource"),
        (#""data":"SGk=","#, "", .missingField, "Records[0].kinesis.data"),
        (#""SGk=""#, "null", .wrongKind, "Records[0].kinesis.data"),
        (#""SGk=""#, "{}", .wrongKind, "Records[0].kinesis.data"),
        (#""sequenceNumber":"495","#, "", .missingField, "Records[0].kinesis.sequenceNumber"),
        (#""sequenceNumber":"495""#, #""sequenceNumber":"49x""#, .badValue, "Records[0].kinesis.sequenceNumber"),
        (#""sequenceNumber":"495""#, #""sequenceNumber":"""#, .badValue, "Records[0].kinesis.sequenceNumber"),
        (#""sequenceNumber":"495""#, #""sequenceNumber":"-1""#, .badValue, "Records[0].kinesis.sequenceNumber"),
        (#""sequenceNumber":"495""#, #""sequenceNumber":495"#, .wrongKind, "Records[0].kinesis.sequenceNumber"),
        (#""sequenceNumber":"495""#, #""sequenceNumber":"\u0034""#, .badValue, "Records[0].kinesis.sequenceNumber"),
        (#""partitionKey":"k","#, "", .missingField, "Records[0].kinesis.partitionKey"),
        (#","approximateArrivalTimestamp":1.5"#, "", .missingField, "Records[0].kinesis.approximateArrivalTimestamp"),
        ("1.5", "1e300", .badValue, "Records[0].kinesis.approximateArrivalTimestamp"),
        ("1.5", "1e999", .badValue, "Records[0].kinesis.approximateArrivalTimestamp"),
        ("1.5", "true", .wrongKind, "Records[0].kinesis.approximateArrivalTimestamp"),
        (#""eventID":"shardId-0:495","#, "", .missingField, "Records[0].eventID"),
        ("shardId-0:495", "shardId-0", .badValue, "Records[0].eventID"),
        ("shardId-0:495", ":495", .badValue, "Records[0].eventID"),
        (#","eventSourceARN":"arn""#, "", .missingField, "Records[0].eventSourceARN"),
        (#"[{"kinesis""#, #"[1,{"kinesis""#, .wrongKind, "Records[0]"),
        (#"}]}"#, #"},null]}"#, .wrongKind, "Records[1]"),
        (#"}]}"#, #"},{}]}"#, .missingField, "Records[1].eventSource"),
        (#"}]}"#, #"},{"eventSource":"aws:kinesis"}]}"#, .missingField, "Records[1].kinesis"),
        (#""k""#, "\"\u{1}\"", .malformed, "Records[0].kinesis.partitionKey"),
        (#"}]}"#, "}]} x", .malformed, ""),
    ]

    @Test(arguments: faults)
    func whatIsWrongIsNamed(old: String, new: String, code: EventError.Code, path: String) {
        let error = #expect(throws: EventError.self) { try KinesisEvent(event(replacing: old, with: new)) }
        #expect(error?.code == code)
        #expect(error?.path == path)
    }

    @Test(arguments: [
        ("", EventError.Code.malformed), (" ", .malformed), ("{", .malformed), ("not JSON", .malformed),
        ("null", .wrongKind), ("[]", .wrongKind), ("\"text\"", .wrongKind), ("{}", .missingField),
        (#"{"Records":null}"#, .wrongKind), (#"{"Records":{}}"#, .wrongKind), (#"{"Records":[]}"#, .badValue),
        (#"{"Records":[],"shardId":"s"}"#, .badValue), (#"{"Records":[],"window":1}"#, .wrongKind),
        (#"{"Records":[],"window":{},"isFinalInvokeForWindow":"yes"}"#, .wrongKind),
        (KafkaEventTests.batch, .wrongSource), (EventBridgeEventTests.rule, .missingField),
        (#"{"Records":[{"messageId":"1","body":"x","eventSource":"aws:sqs"}]}"#, .wrongSource),
    ])
    func otherEventsAreRefused(text: String, code: EventError.Code) {
        let error = #expect(throws: EventError.self) { try KinesisEvent(EventBuffer(Array(text.utf8))) }
        #expect(error?.code == code)
    }

    @Test func errorsQuoteNoPayload() {
        for fault in Self.faults {
            let error = #expect(throws: EventError.self) {
                try KinesisEvent(event(replacing: fault.old, with: fault.new))
            }
            #expect(error?.description.contains("SGk") == false)
        }
        let secret = event(replacing: "\"aws:kinesis\"", with: "\"a secret text\"")
        let error = #expect(throws: EventError.self) { try KinesisEvent(secret) }
        #expect(error?.description.contains("secret") == false)
    }

    @Test func truncationsAreErrors() {
        let bytes = Array(Self.batch.utf8)
        for count in 0..<bytes.count {
            #expect(throws: EventError.self) { try KinesisEvent(EventBuffer(Array(bytes[..<count]))) }
        }
    }

    @Test func mutationsNeverTrap() {
        var random = SeededGenerator(seed: 3)
        for text in [Self.batch, Self.windowed] {
            for _ in 0..<2000 {
                var bytes = Array(text.utf8)
                bytes.mutate(&random)
                guard let event = try? KinesisEvent(EventBuffer(bytes)) else { continue }
                for record in event.records {
                    _ = try? record.data.decoded()
                    #expect(record.sequenceNumber.copy.allSatisfy { (48...57).contains($0) })
                    #expect(!record.shardID.isEmpty)
                }
            }
        }
    }

    @Test func deepNestingIsAnError() {
        let deep = String(repeating: "[", count: 100_000)
        #expect(throws: EventError.self) { try KinesisEvent(EventBuffer(Array(#"{"x":"#.utf8) + Array(deep.utf8))) }
        #expect(throws: EventError.self) { try JSONEvent(EventBuffer(Array(deep.utf8))) }
    }

    @Test func repliesAreWrittenExactly() {
        #expect(KinesisBatchReply().response == LambdaResponse(json: #"{"batchItemFailures":[]}"#))
        #expect(
            KinesisBatchReply(firstFailure: "495").response
                == LambdaResponse(json: #"{"batchItemFailures":[{"itemIdentifier":"495"}]}"#))
        #expect(
            KinesisBatchReply(state: .object([("a", .integer(1))])).response
                == LambdaResponse(json: #"{"state":{"a":1},"batchItemFailures":[]}"#))
    }
}
