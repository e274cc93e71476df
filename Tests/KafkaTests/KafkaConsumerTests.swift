import CRdkafka
import Testing

@testable import Kafka

@Suite struct KafkaConsumerTests {
    let cluster = MockCluster()

    private func fill(_ count: Int, partitions: Int32 = 1) throws {
        cluster.create(topic: "quotes", partitions: partitions)
        let producer = try KafkaProducer(cluster.settings)
        for value in 0..<count { try producer.send(record("\(value)", key: "\(value % 7)")) }
        #expect(producer.flush(withinMs: 10_000).delivered == count)
    }

    @Test func partitionsAndWatermarksAreTold() throws {
        try fill(10, partitions: 3)
        let consumer = try KafkaConsumer(cluster.settings)
        #expect(try consumer.partitions(of: "quotes", withinMs: 5_000) == [0, 1, 2])
        let ends = try (0..<3).map { try consumer.watermarks(topic: "quotes", partition: $0, withinMs: 5_000) }
        #expect(ends.allSatisfy { $0.low == 0 })
        #expect(ends.reduce(0) { $0 + $1.high } == 10)
    }

    @Test func recordsAreReadFromTheOffsetThatIsSaid() throws {
        try fill(100)
        let consumer = try KafkaConsumer(cluster.settings)
        try consumer.assign([("quotes", 0, 90)])
        var offsets: [Int64] = []
        while offsets.count < 10 {
            let next = try consumer.poll(withinMs: 5_000, atMost: 4)
            #expect(!next.isEmpty && next.count <= 4)
            guard !next.isEmpty else { break }
            offsets += next.map(\.offset)
        }
        #expect(offsets == Array(90..<100))
        #expect(try consumer.poll(withinMs: 100, atMost: 4).isEmpty)
        // What is assigned anew begins anew.
        try consumer.assign([("quotes", 0, nil)])
        #expect(try consumer.poll(withinMs: 5_000, atMost: 1).map(\.offset) == [0])
    }

    @Test func endThatIsReachedIsTold() throws {
        try fill(5)
        let consumer = try KafkaConsumer(cluster.settings)
        try consumer.assign([("quotes", 0, nil)])
        #expect(consumer.endReached(of: "quotes", partition: 0) == nil)
        var count = 0
        while count < 5 {
            let next = try consumer.poll(withinMs: 5_000, atMost: 2)
            try #require(!next.isEmpty)
            count += next.count
        }
        for _ in 0..<50 where consumer.endReached(of: "quotes", partition: 0) == nil {
            #expect(try consumer.poll(withinMs: 100, atMost: 2).isEmpty)
        }
        #expect(consumer.endReached(of: "quotes", partition: 0) == 5)
        // What is assigned anew has not been read to its end.
        try consumer.assign([("quotes", 0, 3)])
        #expect(consumer.endReached(of: "quotes", partition: 0) == nil)
        #expect(consumer.endReached(of: "other", partition: 0) == nil)
    }

    @Test func anEndIsNoEndOfTheWait() throws {
        // Of eight partitions, one has a record at most: the others' ends come meanwhile.
        try fill(1, partitions: 8)
        let consumer = try KafkaConsumer(cluster.settings)
        try consumer.assign((0..<8).map { ("quotes", $0, nil) })
        #expect(try consumer.poll(withinMs: 5_000, atMost: 1).count == 1)
    }

    @Test func anOffsetThatIsGoneIsAnError() throws {
        try fill(3)
        let consumer = try KafkaConsumer(cluster.settings)
        try consumer.assign([("quotes", 0, 1_000)])
        let error = #expect(throws: KafkaError.self) { try consumer.poll(withinMs: 10_000, atMost: 10) }
        #expect(
            error?.message.contains("partition 0 of the Kafka topic quotes") == true, "\(String(describing: error))")
        #expect(error?.code == .refused)
        // From an offset that it has, the partition is read again.
        try consumer.assign([("quotes", 0, 2)])
        #expect(try consumer.poll(withinMs: 5_000, atMost: 10).map(\.offset) == [2])
    }

    @Test func nothingAssignedIsNothingRead() throws {
        let consumer = try KafkaConsumer(cluster.settings)
        #expect(try consumer.poll(withinMs: 50, atMost: 10).isEmpty)
        #expect(try consumer.poll(withinMs: 50, atMost: 0).isEmpty)
    }

    @Test func whatCannotBeAssignedIsSaid() throws {
        let consumer = try KafkaConsumer(cluster.settings)
        for wrong: [(topic: String, partition: Int32, offset: Int64?)] in [
            [("", 0, nil)], [("quotes", -1, nil)], [("quotes", 0, -5)], [("quotes", 0, 0), ("quotes", 0, 1)],
        ] {
            #expect(throws: KafkaError.self) { try consumer.assign(wrong) }
        }
    }

    @Test func aTopicThatDoesNotExistIsSaid() throws {
        cluster.set(topic: "missing", RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART)
        let consumer = try KafkaConsumer(cluster.settings)
        let error = #expect(throws: KafkaError.self) { try consumer.partitions(of: "missing", withinMs: 5_000) }
        #expect(error?.code == .unknownTopic)
    }

    @Test func brokersThatAreDownAreSaid() throws {
        let consumer = try KafkaConsumer(KafkaSettings(bootstrapServers: ["127.0.0.1:1"]))
        let error = #expect(throws: KafkaError.self) { try consumer.partitions(of: "quotes", withinMs: 500) }
        #expect(error?.code == .brokersDown)
        #expect(error?.message.contains("127.0.0.1:1") == true)
        let unread = try KafkaConsumer(KafkaSettings(bootstrapServers: ["127.0.0.1:1"]))
        try unread.assign([("quotes", 0, nil)])
        let fault = #expect(throws: KafkaError.self) {
            for _ in 0..<20 { _ = try unread.poll(withinMs: 100, atMost: 10) }
        }
        #expect(fault?.code == .brokersDown)
    }
}
