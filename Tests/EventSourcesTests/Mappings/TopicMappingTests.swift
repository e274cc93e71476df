import Testing

@testable import EventSources

@Suite struct TopicMappingTests {
    /// Topic, partition and offset of each record of the batch that is to be sent now.
    private func batch(_ mapping: inout TopicMapping, _ nowMs: Int64 = 0) -> [String] {
        guard case .invoke(let batch) = mapping.next(nowMs: nowMs) else { return [] }
        return batch.records.map { "\($0.shard):\($0.offset)" }
    }

    @Test func aBatchMixesThePartitionsOfItsPoller() throws {
        var mapping = try Samples.topicMapping(["t-0", "t-1"]) { $0.batchSize = 4 }
        mapping.add(Samples.records(0..<2, of: "t-0"), nowMs: 0)
        mapping.add(Samples.records(0..<3, of: "t-1"), nowMs: 0)
        mapping.add(Samples.records(0..<3, of: "t-2"), nowMs: 0)
        #expect(batch(&mapping) == ["t-0:0", "t-0:1", "t-1:0", "t-1:1"])
        mapping.take(Samples.success)
        #expect(mapping.checkpoints == ["t-0": 2, "t-1": 2])
        #expect(batch(&mapping) == ["t-1:2"])
    }

    @Test func partitionsShareTheRoomAndTakeTurnsWhereThereIsLittle() throws {
        var mapping = try Samples.topicMapping(["t-0", "t-1", "t-2"]) { $0.batchSize = 7 }
        #expect(mapping.wanted().map(\.count) == [2, 2, 2])
        mapping.add(Samples.records(0..<5, of: "t-1"), nowMs: 0)
        // Room for two: each time other partitions are asked.
        #expect(mapping.wanted().map(\.shard) == ["t-0", "t-1"])
        #expect(mapping.wanted().map(\.shard) == ["t-2", "t-0"])
        #expect(
            mapping.wanted() == [.init(shard: "t-1", offset: 5, count: 1), .init(shard: "t-2", offset: 0, count: 1)])
    }

    @Test func offsetsMayHaveGaps() throws {
        var mapping = try Samples.topicMapping(["t-0"])
        mapping.add(Samples.records(3..<4, of: "t-0") + Samples.records(9..<10, of: "t-0"), nowMs: 0)
        #expect(mapping.readPositions == ["t-0": 10] && mapping.checkpoints == ["t-0": 3])
        #expect(batch(&mapping) == ["t-0:3", "t-0:9"])
    }

    @Test func aReportedRecordBringsAllBehindItInItsPartitionAgain() throws {
        var mapping = try Samples.topicMapping(["t-0", "t-1"]) { $0.reportBatchItemFailures = true }
        for shard in ["t-0", "t-1"] { mapping.add(Samples.records(0..<4, of: shard), nowMs: 0) }
        #expect(batch(&mapping).count == 8)
        mapping.take(Samples.reply([("t-1", 2)]))
        #expect(mapping.checkpoints == ["t-0": 4, "t-1": 2])
        #expect(batch(&mapping, 1000) == ["t-1:2", "t-1:3"])
    }

    @Test func orItAloneComesAgain() throws {
        var mapping = try Samples.topicMapping(["t-0", "t-1"]) {
            $0.reportBatchItemFailures = true
            $0.partialRetry = .reportedOnly
        }
        for shard in ["t-0", "t-1"] { mapping.add(Samples.records(0..<4, of: shard), nowMs: 0) }
        #expect(batch(&mapping).count == 8)
        mapping.take(Samples.reply([("t-1", 2), ("t-0", 0), ("t-0", 3)]))
        #expect(mapping.checkpoints == ["t-0": 0, "t-1": 2])
        #expect(batch(&mapping, 1000) == ["t-0:0", "t-0:3", "t-1:2"])
    }

    @Test(arguments: [#"{"topic-partition":"t-0","offset":1}"#, #"{"partition":"t-0"}"#, "\"t-0\"", "{}", "null"])
    func anIdentifierOfAnotherShapeMeansTheWholeBatch(_ identifier: String) throws {
        var mapping = try Samples.topicMapping(["t-0"]) { $0.reportBatchItemFailures = true }
        mapping.add(Samples.records(0..<2, of: "t-0"), nowMs: 0)
        #expect(batch(&mapping).count == 2)
        mapping.take(.reply(Array(#"{"batchItemFailures":[{"itemIdentifier":\#(identifier)}]}"#.utf8)))
        #expect(batch(&mapping, 1000) == ["t-0:0", "t-0:1"])
    }

    @Test func onDemandAFailedBatchComesAgainWithoutEnd() throws {
        var mapping = try Samples.topicMapping(["t-0"], provisioned: false)
        mapping.add(Samples.records(0..<2, of: "t-0"), nowMs: 0)
        for attempt in 0..<50 {
            #expect(batch(&mapping, Int64(attempt) * 60_000) == ["t-0:0", "t-0:1"])
            mapping.take(.functionError, Int64(attempt) * 60_000)
        }
        // A reply's text says nothing there.
        #expect(batch(&mapping, 6_000_000).count == 2)
        mapping.take(Samples.reply([("t-0", 0)]), 6_000_000)
        #expect(mapping.unsettled == 0)
    }

    @Test func withADestinationItEndsAfterTenRetries() throws {
        let destination = Destination()
        var mapping = try Samples.topicMapping(["t-0"]) { $0.destination = destination.take }
        mapping.add(Samples.records(0..<2, of: "t-0"), nowMs: 0)
        for attempt in 0...10 {
            #expect(destination.records.isEmpty)
            #expect(batch(&mapping, Int64(attempt) * 60_000).count == 2)
            mapping.take(.functionError, Int64(attempt) * 60_000)
        }
        #expect(destination.records.map(\.approximateInvokeCount) == [11])
    }

    @Test func partitionsAreDealtOutToPollersInTurn() {
        let partitions = (0..<5).map { "t-\($0)" }
        #expect(TopicMapping.pollers(partitions, count: 2) == [["t-0", "t-2", "t-4"], ["t-1", "t-3"]])
        #expect(TopicMapping.pollers(partitions, count: 9) == partitions.map { [$0] })
        #expect(TopicMapping.pollers(partitions, count: 0) == [partitions])
        #expect(TopicMapping.pollers([], count: 3).isEmpty)
    }
}
