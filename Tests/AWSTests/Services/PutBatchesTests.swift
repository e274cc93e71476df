import JSON
import TestSupport
import Testing

@testable import AWS

@Suite struct PutBatchesTests {
    private let call = ServiceRequest.call()

    private func records(_ count: Int, size: Int = 1) -> [Kinesis.Record] {
        (0..<count).map { Kinesis.Record([UInt8](repeating: 0, count: size), partitionKey: "\($0)") }
    }

    /// A reply that turns away the records at these places of the call.
    private func reply(_ count: Int, refusing refused: Set<Int> = []) throws -> (JSONValue, ServiceReply) {
        let results = (0..<count).map { index in
            refused.contains(index)
                ? #"{"ErrorCode":"ProvisionedThroughputExceededException","ErrorMessage":"m"}"#
                : #"{"ShardId":"s","SequenceNumber":"\#(index)"}"#
        }
        let body = "{\"Records\":[\(results.joined(separator: ","))]}"
        return (try JSONValue(parsing: Array(body.utf8)), ServiceReply(AWSTests.reply(200, body), to: call))
    }

    @Test func callsHoldFiveHundredRecordsAtMost() throws {
        var batches = PutBatches(records(1_001))
        var counts: [Int] = []
        while let batch = batches.next() {
            counts.append(batch.count)
            let (value, reply) = try reply(batch.count)
            try batches.take(value, reply, 4)
        }
        #expect(counts == [500, 500, 1])
        #expect(batches.results(elseFailing: call).allSatisfy { (try? $0.get()) != nil })
    }

    @Test func callsHoldFiveMegabytesAtMostAndATooLargeRecordGoesAlone() {
        var batches = PutBatches(records(4, size: 2 << 20) + records(1, size: 6 << 20) + records(2))
        var calls: [[Int]] = []
        while let batch = batches.next() { calls.append(batch) }
        #expect(calls == [[0, 1], [2, 3], [4], [5, 6]])
    }

    @Test func recordsTurnedAwayComeFirstInTheNextCall() throws {
        var batches = PutBatches(records(502))
        _ = batches.next()
        let (value, reply) = try reply(500, refusing: [3, 7])
        try batches.take(value, reply, 4)
        #expect(batches.next() == [3, 7, 500, 501])
        #expect(batches.rounds == 1)
    }

    @Test func everyRecordIsAccountedForWhateverIsTurnedAway() throws {
        var random = SeededGenerator(seed: 4)
        var batches = PutBatches(records(1_200))
        var sent: [Int: Int] = [:]
        while let batch = batches.next() {
            for index in batch { sent[index, default: 0] += 1 }
            let refused = Set(batch.indices.filter { _ in Int.random(in: 0..<3, using: &random) == 0 })
            let (value, reply) = try reply(batch.count, refusing: refused)
            try batches.take(value, reply, 3)
        }
        let results = batches.results(elseFailing: call)
        #expect(results.count == 1_200 && sent.values.allSatisfy { $0 <= 3 })
        for (index, result) in results.enumerated() {
            guard let error = result.failure else { continue }
            #expect(sent[index] == 3 && error.kind == .throttled && !error.mayHaveActed && error.attempts == 3)
        }
    }

    @Test func replyForAnotherNumberOfRecordsIsRefused() throws {
        var batches = PutBatches(records(2))
        _ = batches.next()
        let (value, reply) = try reply(1)
        let error = #expect(throws: ServiceError.self) { try batches.take(value, reply, 4) }
        #expect(error?.kind == .malformedReply && error?.mayHaveActed == true)
    }

    @Test func recordsBehindAFailedCallAreKnownNotToBeSent() throws {
        var batches = PutBatches(records(501))
        _ = batches.next()
        let (_, reply) = try reply(0)
        batches.fail(reply.malformed("m"))
        batches.giveUp()
        #expect(batches.next() == nil)
        let results = batches.results(elseFailing: call)
        #expect(results[499].failure?.mayHaveActed == true && results[500].failure?.mayHaveActed == false)
    }
}
