import JSON
import TestSupport
import Testing

@testable import EventSources

@Suite struct KafkaEventTextTests {
    private func record(_ shard: String, _ offset: Int64, key: String? = "k") -> StreamRecord {
        StreamRecord(
            shard: shard, offset: offset, key: key.map { Array($0.utf8) }, value: Array("v\(offset)".utf8),
            timestampMs: 1_545_084_650_987 + offset)
    }

    @Test func anEventIsAsLambdaSendsItForMSK() {
        let event = KafkaEventText(clusterARN: "arn:aws:kafka:c", bootstrapServers: "b-1:9098,b-2:9098")
        let text = event.text([record("my-topic-0", 15)])
        #expect(
            String(decoding: text, as: UTF8.self)
                == #"{"eventSource":"aws:kafka","eventSourceArn":"arn:aws:kafka:c","#
                + #""bootstrapServers":"b-1:9098,b-2:9098","records":{"my-topic-0":[{"topic":"my-topic","#
                + #""partition":0,"offset":15,"timestamp":1545084651002,"timestampType":"CREATE_TIME","key":"aw==","#
                + #""value":"djE1","headers":[]}]}}"#)
    }

    @Test func aClusterOfItsOperatorsHasNoARN() {
        let event = KafkaEventText(clusterARN: nil, bootstrapServers: "h:9092")
        #expect(
            String(decoding: event.text([record("t-0", 1, key: nil)]), as: UTF8.self)
                == #"{"eventSource":"SelfManagedKafka","bootstrapServers":"h:9092","records":{"t-0":[{"topic":"t","#
                + #""partition":0,"offset":1,"timestamp":1545084650988,"timestampType":"CREATE_TIME","value":"djE=","#
                + #""headers":[]}]}}"#)
    }

    @Test func partitionsComeInTheOrderOfTheirNumbersAndRecordsAsGiven() throws {
        let event = KafkaEventText(clusterARN: nil, bootstrapServers: "h:1")
        let records = [("t-10", 5), ("t-2", 7), ("t-10", 6), ("t-2", 9), ("t-0", 1)].map { record($0.0, Int64($0.1)) }
        let members = try #require(JSONValue(parsing: event.text(records))["records"]?.members)
        #expect(members.map(\.name) == ["t-0", "t-2", "t-10"])
        #expect(members.map { $0.value.elements?.map { $0["offset"]?.integer } } == [[1], [7, 9], [5, 6]])
    }

    @Test(arguments: [nil, "arn:aws:kafka:eu-west-1:1:cluster/a/b"]) func sizesAreExact(_ arn: String?) {
        let event = KafkaEventText(clusterARN: arn, bootstrapServers: "h:9092")
        var generator = SeededGenerator(seed: 2)
        for count in 0..<30 {
            let records = (0..<count).map { index in
                StreamRecord.random(of: "topic-\(Int.random(in: 0..<12, using: &generator))", index, &generator)
            }
            let expected = event.text(records).count
            #expect(event.byteCount(records) == (count == 0 ? expected - 1 : expected))
        }
    }
}

@Suite struct TopicPartitionTests {
    @Test(arguments: [
        ("coinbase-trades-0", "coinbase-trades", 0), ("t-12", "t", 12), ("t", "t", 0), ("t-", "t-", 0),
        ("t-x", "t-x", 0), ("-3", "", 3), ("a--3", "a-", 3), ("t-99999999999999999999", "t-99999999999999999999", 0),
    ])
    func theNumberIsBehindTheLastDash(_ shard: String, _ topic: String, _ number: Int64) {
        #expect(TopicPartition(shard: shard) == TopicPartition(topic: topic, number: number))
    }

    @Test func theNameIsTopicAndNumber() {
        #expect(TopicPartition(topic: "a-b", number: 7).shard == "a-b-7")
    }
}
