import AWS
import Iceberg
@testable import Lake
import Testing

@Suite("Messages of alerts")
struct AlertTopicTests {
    static func alert(key: String = "17", message: String = "temperature of 17 is 71, above 60") -> Alert {
        Alert(
            rule: "too-hot", kind: "limit", key: key, column: "temperature", value: 71, bound: 60, message: message,
            readingUs: 1_795_000_000_000_000, detectedMs: 1_795_000_001_500, stream: "readings",
            shard: "shardId-000000000000", sequenceNumber: "49")
    }

    @Test func textIsReadableAndAttributesAreForFilters() throws {
        var sent: [SNS.Message] = []
        try AlertTopic(arn: "arn:aws:sns:r:1:alerts") { sent.append($0) }.publish(Self.alert())
        let message = try #require(sent.first)
        #expect(message.subject == "too-hot: temperature of 17 is 71, above 60")
        #expect(
            message.text == """
                temperature of 17 is 71, above 60.

                rule: too-hot (limit)
                key: 17
                reading: 2026-11-18T11:06:40Z
                found: 2026-11-18T11:06:41.500000Z
                stream: readings, shardId-000000000000, 49
                alert: \(Self.alert().id)
                """)
        #expect(message.attributes["rule"] == .string("too-hot") && message.attributes["kind"] == .string("limit"))
        #expect(message.attributes["key"] == .string("17") && message.attributes["stream"] == .string("readings"))
        #expect(message.attributes["value"] == .number("71.0") && message.attributes.count == 7)
        #expect(message.attributes["alert"] == .string(Self.alert().json))
        #expect(message.groupID == nil && message.deduplicationID == nil)
    }

    @Test func aFifoTopicIsToldWhatRepeats() throws {
        var sent: [SNS.Message] = []
        try AlertTopic(arn: "arn:aws:sns:r:1:alerts.fifo") { sent.append($0) }.publish(Self.alert())
        #expect(sent.first?.groupID == "readings" && sent.first?.deduplicationID == Self.alert().id)
    }

    @Test func headlinesAreShortASCIIAndTextIsPrintable() {
        let alert = Self.alert(key: "a\u{0}b\u{7}\u{FFFF}ü", message: String(repeating: "ü\n", count: 100))
        let subject = AlertTopic.subject(alert)
        #expect(
            subject.utf8.count == 99 && subject.hasSuffix("...") && subject.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F })
        let attributes = AlertTopic.attributes(alert)
        #expect(attributes["key"] == .string("a\u{FFFD}b\u{FFFD}\u{FFFD}ü"))
        // JSON escapes the control characters, and leaves what else SNS refuses.
        #expect(attributes["alert"] == .string(alert.json.replacing("\u{FFFF}", with: "\u{FFFD}")))
        #expect(attributes["alert"] != .string(alert.json))
    }

    @Test func theIdIsThatOfTheAnomaly() {
        let alert = Self.alert()
        #expect(alert.id.utf8.count == 32 && alert.id == Self.alert(message: "other words").id)
        #expect(alert.id != Self.alert(key: "1").id)
    }

    @Test(arguments: [
        "alerts", "arn:aws:sqs:eu-west-1:1:alerts", "arn:aws:sns:eu-west-1:1:", "arn:aws:sns:eu-west-1:1:a:b",
        "arn:aws:sns:eu-west-1:1:a b",
    ])
    func whatIsNoTopicIsRefused(arn: String) {
        #expect(throws: ConfigurationError.self) {
            try AlertTopic([AlertTopic.variable: arn]) { () throws(IcebergError) in
                throw IcebergError(.invalid, "not asked for")
            }
        }
    }
}
