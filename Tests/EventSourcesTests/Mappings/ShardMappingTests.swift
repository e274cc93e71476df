import JSON
import Testing

@testable import EventSources

@Suite struct ShardMappingTests {
    // MARK: - Batches

    @Test func aFullBatchIsSentAtOnceAndARestWithoutAWindowToo() throws {
        var mapping = try Samples.shardMapping { $0.batchSize = 3 }
        #expect(mapping.isIdle())
        #expect(mapping.wanted() == [ReadRequest(shard: Samples.shard, offset: 0, count: 3)])
        mapping.add(Samples.records(0..<4), nowMs: 0)
        #expect(mapping.batch() == [0, 1, 2])
        // One at a time.
        #expect(mapping.isIdle())
        mapping.take(Samples.success)
        #expect(mapping.batch() == [3])
        mapping.take(Samples.success)
        #expect(mapping.isIdle() && mapping.unsettled == 0 && mapping.checkpoints == [Samples.shard: 4])
        #expect(mapping.counts == MappingCounts(invocations: 2, taken: 4))
    }

    @Test func readingGoesOnWhileABatchIsOutAndStopsWithABatchWaiting() throws {
        var mapping = try Samples.shardMapping(from: 5) { $0.batchSize = 3 }
        mapping.add(Samples.records(5..<7), nowMs: 0)
        #expect(mapping.wanted() == [ReadRequest(shard: Samples.shard, offset: 7, count: 1)])
        #expect(mapping.batch() == [5, 6])
        #expect(mapping.wanted() == [ReadRequest(shard: Samples.shard, offset: 7, count: 3)])
        mapping.add(Samples.records(7..<10), nowMs: 0)
        #expect(mapping.wanted().isEmpty)
        #expect(mapping.checkpoints == [Samples.shard: 5] && mapping.readPositions == [Samples.shard: 10])
    }

    @Test func recordsThatItHadOrThatAreOfAnotherShardArePassedOver() throws {
        var mapping = try Samples.shardMapping(from: 2)
        mapping.add(Samples.records(0..<4), nowMs: 0)
        mapping.add(Samples.records(2..<5), nowMs: 0)
        mapping.add(Samples.records(0..<4, of: "shardId-000000000001"), nowMs: 0)
        #expect(mapping.batch() == [2, 3, 4])
    }

    @Test func aWindowBeginsWithItsFirstRecordOrWithTheEndOfTheInvocationBefore() throws {
        var mapping = try Samples.shardMapping {
            $0.batchSize = 3
            $0.maximumBatchingWindowMs = 500
        }
        mapping.add(Samples.records(0..<1), nowMs: 1000)
        mapping.add(Samples.records(1..<2), nowMs: 1200)
        #expect(mapping.waitsUntil(1499) == 1500)
        #expect(mapping.batch(1500) == [0, 1])
        mapping.add(Samples.records(2..<3), nowMs: 1600)
        mapping.take(Samples.success, 4000)
        #expect(mapping.waitsUntil(4000) == 4500)
        mapping.add(Samples.records(3..<5), nowMs: 4100)
        #expect(mapping.batch(4100) == [2, 3, 4])
        mapping.take(Samples.success, 4200)
        mapping.add(Samples.records(5..<6), nowMs: 9000)
        #expect(mapping.waitsUntil(9000) == 9500)
    }

    @Test func aBatchsEventTakesUpTo6MB() throws {
        var mapping = try Samples.shardMapping { $0.batchSize = 10_000 }
        // In base64 each takes 1,333,336 bytes, and some hundred around it: four make an event.
        let records = Samples.records(0..<9, bytes: 1_000_000)
        mapping.add(records, nowMs: 0)
        #expect(mapping.wanted().isEmpty)
        for expected: [Int64] in [[0, 1, 2, 3], [4, 5, 6, 7], [8]] {
            guard case .invoke(let batch) = mapping.next(nowMs: 0) else {
                Issue.record("a batch is to be sent")
                return
            }
            #expect(batch.records.map(\.offset) == expected)
            #expect(batch.event().count <= 6 * 1024 * 1024)
            mapping.take(Samples.success)
        }
    }

    @Test func theLastByteOfAnEventCounts() throws {
        let records = Samples.records(0..<2)
        let bytes = Samples.kinesis.text(records).count
        for (limit, expected): (Int, [Int64]) in [(bytes, [0, 1]), (bytes - 1, [0])] {
            var mapping = try Samples.shardMapping { $0.maximumPayloadBytes = limit }
            mapping.add(records, nowMs: 0)
            #expect(mapping.batch() == expected)
        }
    }

    @Test func aRecordThatNoEventCanHoldIsGivenUpAlone() throws {
        let destination = Destination()
        var mapping = try Samples.shardMapping {
            $0.maximumPayloadBytes = 1000
            $0.destination = destination.take
        }
        mapping.add(Samples.records(0..<1), nowMs: 0)
        mapping.add(Samples.records(1..<2, bytes: 1000), nowMs: 0)
        mapping.add(Samples.records(2..<3), nowMs: 0)
        #expect(mapping.batch() == [0])
        #expect(destination.records.isEmpty)
        mapping.take(Samples.success)
        #expect(mapping.batch() == [2])
        #expect(destination.offsets == [[1]])
        #expect(destination.records[0].condition == .maximumPayloadSizeExceeded)
        #expect(mapping.counts.discarded == 1)
    }

    // MARK: - Failures

    @Test(arguments: [InvocationOutcome.functionError, .timeout, .crash])
    func aFailedBatchComesAgainAfterAWaitThatGrows(_ outcome: InvocationOutcome) throws {
        var mapping = try Samples.shardMapping { $0.retryMaximumMs = 1500 }
        mapping.add(Samples.records(0..<3), nowMs: 0)
        var now: Int64 = 0
        for full: Int64 in [100, 200, 400, 800, 1500, 1500] {
            #expect(mapping.batch(now) == [0, 1, 2])
            mapping.take(outcome, now)
            // Records that came meanwhile stay behind.
            mapping.add(Samples.records(3..<4), nowMs: now)
            let until = try #require(mapping.waitsUntil(now))
            #expect((full / 2...full).contains(until - now))
            #expect(mapping.waitsUntil(until - 1) == until)
            now = until
        }
        #expect(mapping.batch(now) == [0, 1, 2])
        mapping.take(Samples.success, now)
        #expect(mapping.batch(now) == [3])
        #expect(mapping.counts.failures == 6 && mapping.counts.taken == 3)
    }

    @Test func aThrottledCallCountsForNothing() throws {
        var mapping = try Samples.shardMapping {
            $0.maximumRetryAttempts = 0
            $0.bisectBatchOnFunctionError = true
        }
        mapping.add(Samples.records(0..<3), nowMs: 0)
        var now: Int64 = 0
        for _ in 0..<5 {
            #expect(mapping.batch(now) == [0, 1, 2])
            mapping.take(.throttled, now)
            now = try #require(mapping.waitsUntil(now))
        }
        #expect(mapping.batch(now) == [0, 1, 2])
        mapping.take(Samples.success, now)
        #expect(mapping.counts == MappingCounts(invocations: 1, throttles: 5, taken: 3))
    }

    @Test(arguments: [0, 1, 3]) func pastTheRetriesABatchIsGivenUpAndTheShardGoesOn(_ retries: Int) throws {
        let destination = Destination()
        var mapping = try Samples.shardMapping {
            $0.batchSize = 3
            $0.maximumRetryAttempts = retries
            $0.destination = destination.take
        }
        mapping.add(Samples.records(0..<4), nowMs: 0)
        var now: Int64 = 0
        for _ in 0...retries {
            #expect(destination.records.isEmpty)
            now += 60_000
            #expect(mapping.batch(now) == [0, 1, 2])
            mapping.take(.functionError, now)
        }
        #expect(destination.offsets == [[0, 1, 2]])
        let record = try #require(destination.records.first)
        #expect(record.condition == .retryAttemptsExhausted && record.approximateInvokeCount == retries + 1)
        #expect(mapping.checkpoints == [Samples.shard: 3] && mapping.counts.discarded == 3)
        #expect(mapping.batch(now) == [3])
    }

    @Test func recordsThatGetTooOldAreGivenUpBeforeAndBetweenCalls() throws {
        let destination = Destination()
        var mapping = try Samples.shardMapping {
            $0.maximumRecordAgeSeconds = 60
            $0.destination = destination.take
        }
        // The record of offset n was taken at second n.
        mapping.add(Samples.records(0..<10), nowMs: 62_000)
        #expect(mapping.batch(62_000) == [2, 3, 4, 5, 6, 7, 8, 9])
        #expect(destination.offsets == [[0, 1]])
        #expect(destination.records[0].approximateInvokeCount == 0)
        mapping.take(.functionError, 64_500)
        let now = try #require(mapping.waitsUntil(64_500))
        #expect(destination.offsets == [[0, 1], [2, 3, 4]])
        #expect(destination.records[1].condition == .recordAgeExceeded)
        #expect(destination.records[1].approximateInvokeCount == 1 && destination.records[1].isFunctionError)
        #expect(mapping.batch(now) == [5, 6, 7, 8, 9])
        mapping.take(.functionError, 200_000)
        #expect(mapping.isIdle(200_000))
        #expect(destination.offsets.last == [5, 6, 7, 8, 9] && mapping.unsettled == 0)
    }

    // MARK: - Replies

    @Test func withoutTheOptionEveryReplyIsASuccess() throws {
        for reply in [Samples.reply(1), .reply([]), .reply(Array("not json".utf8))] {
            var mapping = try Samples.shardMapping()
            mapping.add(Samples.records(0..<3), nowMs: 0)
            #expect(mapping.batch() == [0, 1, 2])
            mapping.take(reply)
            #expect(mapping.counts.taken == 3 && mapping.unsettled == 0)
        }
    }

    @Test func whatComesBeforeTheLowestReportedRecordIsTaken() throws {
        var mapping = try Samples.shardMapping { $0.reportBatchItemFailures = true }
        mapping.add(Samples.records(0..<6), nowMs: 0)
        #expect(mapping.batch() == [0, 1, 2, 3, 4, 5])
        mapping.take(Samples.reply(4, 2))
        #expect(mapping.checkpoints == [Samples.shard: 2])
        let now = try #require(mapping.waitsUntil(0))
        #expect(mapping.batch(now) == [2, 3, 4, 5])
        mapping.take(Samples.reply(2), now)
        #expect(mapping.counts == MappingCounts(invocations: 2, failures: 1, taken: 2))
    }

    @Test func aReplyThatReportsARecordOfNoBatchMeansTheWholeBatch() throws {
        for reply in [Samples.reply(99), Samples.reply(2, 99), Samples.reply([("t-0", 1)])] {
            var mapping = try Samples.shardMapping { $0.reportBatchItemFailures = true }
            mapping.add(Samples.records(0..<3), nowMs: 0)
            #expect(mapping.batch() == [0, 1, 2])
            mapping.take(reply)
            #expect(mapping.batch(1000) == [0, 1, 2])
        }
    }

    @Test func aPartialReplyUsesUpARetry() throws {
        let destination = Destination()
        var mapping = try Samples.shardMapping {
            $0.reportBatchItemFailures = true
            $0.maximumRetryAttempts = 1
            $0.destination = destination.take
        }
        mapping.add(Samples.records(0..<6), nowMs: 0)
        #expect(mapping.batch() == [0, 1, 2, 3, 4, 5])
        mapping.take(Samples.reply(2))
        #expect(mapping.batch(1000) == [2, 3, 4, 5])
        mapping.take(Samples.reply(4), 1000)
        #expect(destination.offsets == [[4, 5]])
        #expect(destination.records[0].isFunctionError == false)
    }

    // MARK: - Bisecting

    @Test func aFailedBatchIsHalvedUntilTheBadRecordIsAlone() throws {
        let destination = Destination()
        var mapping = try Samples.shardMapping {
            $0.bisectBatchOnFunctionError = true
            $0.maximumRetryAttempts = 1
            $0.destination = destination.take
        }
        mapping.add(Samples.records(0..<8), nowMs: 0)
        var calls: [[Int64]] = []
        var now: Int64 = 0
        while mapping.unsettled > 0 {
            now += 1000
            let batch = try #require(mapping.batch(now))
            calls.append(batch)
            mapping.take(batch.contains(5) ? .functionError : Samples.success, now)
        }
        let whole: [Int64] = [0, 1, 2, 3, 4, 5, 6, 7]
        #expect(calls == [whole, [0, 1, 2, 3], [4, 5, 6, 7], [4, 5], [4], [5], [5], [6, 7]])
        #expect(destination.offsets == [[5]])
        #expect(destination.records[0].approximateInvokeCount == 5)
    }

    @Test func halvesAreSentWithoutAWait() throws {
        var mapping = try Samples.shardMapping { $0.bisectBatchOnFunctionError = true }
        mapping.add(Samples.records(0..<3), nowMs: 0)
        #expect(mapping.batch() == [0, 1, 2])
        mapping.take(.crash)
        #expect(mapping.batch() == [0, 1])
        mapping.take(Samples.success)
        #expect(mapping.batch() == [2])
    }

    @Test func aPartialReplySplitsWhereItSaysAndUsesUpNothing() throws {
        let destination = Destination()
        var mapping = try Samples.shardMapping {
            $0.reportBatchItemFailures = true
            $0.bisectBatchOnFunctionError = true
            $0.maximumRetryAttempts = 0
            $0.destination = destination.take
        }
        mapping.add(Samples.records(0..<8), nowMs: 0)
        #expect(mapping.batch() == [0, 1, 2, 3, 4, 5, 6, 7])
        mapping.take(Samples.reply(2))
        #expect(mapping.batch() == [2, 3, 4, 5, 6, 7])
        // The first of the batch again: then it is halved.
        mapping.take(Samples.reply(2))
        #expect(mapping.batch() == [2, 3, 4])
        mapping.take(Samples.reply(2))
        #expect(mapping.batch() == [2, 3])
        mapping.take(Samples.reply(2))
        #expect(mapping.batch() == [2])
        mapping.take(Samples.reply(2))
        #expect(destination.offsets == [[2]])
        #expect(mapping.batch() == [3])
        mapping.take(Samples.success)
        #expect(mapping.batch() == [4])
        mapping.take(Samples.success)
        #expect(mapping.batch() == [5, 6, 7])
    }
}
