internal import Dispatch
import JSON
import TestSupport
import Testing

@testable import EventSources

@Suite struct LocalStreamTests {
    private func text(_ text: String) -> [UInt8] { Array(text.utf8) }

    @Test func recordsComeBackAsTheyWentIn() throws {
        let folder = TemporaryFolder()
        let stream = try LocalStream(name: "t", kind: .kafka(partitions: 1), in: folder.path)
        var generator = SeededGenerator(seed: 3)
        let expected = (0..<50).map { StreamRecord.random(of: "t-0", $0, &generator) }
        for record in expected {
            let place = try stream.append(key: record.key, value: record.value, timestampMs: record.timestampMs)
            #expect(place.shard == "t-0" && place.offset == record.offset)
        }
        #expect(try stream.read("t-0", from: 0, atMost: 100) == expected)
        #expect(try stream.read("t-0", from: 7, atMost: 3) == Array(expected[7..<10]))
        #expect(try stream.read("t-0", from: 50, atMost: 3).isEmpty)
        #expect(try stream.read("t-0", from: -4, atMost: 1) == [expected[0]])
        #expect(try stream.read("t-0", from: .max, atMost: .max).isEmpty)
        #expect(try stream.end(of: "t-0") == 50 && stream.start(of: "t-0") == 0)
    }

    @Test func aLineHoldsAllMembersWhateverTheRecord() throws {
        let folder = TemporaryFolder()
        let topic = try LocalStream(name: "t", kind: .kafka(partitions: 1), in: folder.path)
        try topic.append(key: nil, value: text("{\"a\": \"é\"}"), timestampMs: 5)
        try topic.append(key: [0xFF], value: [0, 0xC0], timestampMs: 6)
        let stream = try LocalStream(name: "s", kind: .kinesis(shards: 1), in: folder.path)
        try stream.append(key: text("k"), value: text("v"), timestampMs: 7)
        #expect(
            String(decoding: folder.bytes("t/t-0.jsonl"), as: UTF8.self) == """
                {"shard":"t-0","offset":0,"sequenceNumber":null,"timestampMs":5,"key":null,"keyBase64":null,\
                "value":"{\\"a\\": \\"é\\"}","valueBase64":null}
                {"shard":"t-0","offset":1,"sequenceNumber":null,"timestampMs":6,"key":null,"keyBase64":"/w==",\
                "value":null,"valueBase64":"AMA="}

                """)
        #expect(
            String(decoding: folder.bytes("s/shardId-000000000000.jsonl"), as: UTF8.self) == """
                {"shard":"shardId-000000000000","offset":0,\
                "sequenceNumber":"49660123456789012345678901234567890123450000000000000001","timestampMs":7,"key":"k",\
                "keyBase64":null,"value":"v","valueBase64":null}

                """)
    }

    @Test func recordsGoToTheShardOfTheirKeyInTheOrderTheyCame() throws {
        let folder = TemporaryFolder()
        let kind = StreamKind.kinesis(shards: 3)
        let stream = try LocalStream(name: "s", kind: kind, in: folder.path)
        let keys = (0..<60).map { "device-\($0 % 12)" }
        let places = try stream.append(
            keys.enumerated().map { .init(key: text($1), value: text("\($0)"), timestampMs: Int64($0)) })
        for (index, key) in keys.enumerated() {
            let shard = kind.shard(of: text(key))
            #expect(places[index].shard == stream.shards[shard])
            #expect(places[index].offset == Int64(keys[..<index].count { kind.shard(of: text($0)) == shard }))
            let record = try stream.read(places[index].shard, from: places[index].offset, atMost: 1)
            #expect(record.map(\.value) == [text("\(index)")])
        }
    }

    @Test func recordsOfATopicWithoutAKeyTakeTurns() throws {
        let stream = try LocalStream(name: "t", kind: .kafka(partitions: 3), in: TemporaryFolder().path)
        for _ in 0..<9 { try stream.append(key: nil, value: [], timestampMs: 0) }
        #expect(try stream.shards.map(stream.end(of:)) == [3, 3, 3])
    }

    @Test(arguments: [nil, [], [0xFF], [UInt8](repeating: 0x61, count: 257)] as [[UInt8]?])
    func aRecordOfKinesisNeedsAKey(_ key: [UInt8]?) throws {
        let stream = try LocalStream(name: "s", kind: .kinesis(shards: 1), in: TemporaryFolder().path)
        let error = #expect(throws: EventSourceError.self) { try stream.append(key: key, value: [], timestampMs: 0) }
        #expect(error?.code == .badRecord)
        #expect(try stream.end(of: stream.shards[0]) == 0)
    }

    @Test func aStreamGoesOnWhereItWas() throws {
        let folder = TemporaryFolder()
        for round in 0..<4 {
            let stream = try LocalStream(name: "t", kind: .kafka(partitions: 2), in: folder.path)
            #expect(try stream.end(of: "t-0") == Int64(round) && stream.end(of: "t-1") == 0)
            try stream.append(key: text("21"), value: text("\(round)"), timestampMs: 0)
            #expect(try stream.read("t-0", from: 0, atMost: 9).map(\.value) == (0...round).map { text("\($0)") })
        }
    }

    @Test func aLastLineThatIsTornIsCutOffWhereverItIs() throws {
        let folder = TemporaryFolder()
        do {
            let stream = try LocalStream(name: "t", kind: .kafka(partitions: 1), in: folder.path)
            for index in 0..<3 { try stream.append(key: [0x61], value: text("v\(index)"), timestampMs: 1) }
        }
        let whole = folder.bytes("t/t-0.jsonl")
        let ends = whole.indices.filter { whole[$0] == 0x0A }
        for length in 0...whole.count {
            folder.write(whole[..<length], to: "t/t-0.jsonl")
            let stream = try LocalStream(name: "t", kind: .kafka(partitions: 1), in: folder.path)
            let left = ends.count { $0 < length }
            #expect(try stream.read("t-0", from: 0, atMost: 9).count == left)
            try stream.append(key: [0x61], value: text("next"), timestampMs: 2)
            let records = try stream.read("t-0", from: 0, atMost: 9)
            #expect(records.count == left + 1 && records[left].offset == Int64(left))
        }
    }

    @Test func aLineThatSomebodyChangedIsNamed() throws {
        let folder = TemporaryFolder()
        do {
            let stream = try LocalStream(name: "t", kind: .kafka(partitions: 1), in: folder.path)
            for _ in 0..<3 { try stream.append(key: nil, value: text("secret"), timestampMs: 1) }
        }
        let whole = folder.bytes("t/t-0.jsonl")
        let second = try #require(whole.firstIndex(of: 0x0A)) + 1
        var generator = SeededGenerator(seed: 5)
        for _ in 0..<300 {
            var changed = whole
            let place = Int.random(in: second..<whole.count - 1, using: &generator)
            changed[place] = UInt8.random(in: 0...255, using: &generator)
            folder.write(changed, to: "t/t-0.jsonl")
            do {
                let stream = try LocalStream(name: "t", kind: .kafka(partitions: 1), in: folder.path)
                _ = try stream.read("t-0", from: 0, atMost: 9)
            } catch {
                #expect(error.code == .corrupt)
                #expect(error.description.contains("t-0.jsonl, line ") && !error.description.contains("secret"))
            }
        }
    }

    @Test func oneProcessAtATimeHasAStream() throws {
        let folder = TemporaryFolder()
        let stream = try LocalStream(name: "t", kind: .kafka(partitions: 1), in: folder.path)
        let error = #expect(throws: EventSourceError.self) {
            try LocalStream(name: "t", kind: .kafka(partitions: 1), in: folder.path)
        }
        #expect(error?.code == .inUse)
        #expect(try stream.end(of: "t-0") == 0)
    }

    @Test func onlyATopicGrows() throws {
        let folder = TemporaryFolder()
        func open(_ kind: StreamKind) -> EventSourceError.Code? {
            do throws(EventSourceError) {
                _ = try LocalStream(name: "t", kind: kind, in: folder.path)
                return nil
            } catch {
                return error.code
            }
        }
        #expect(open(.kafka(partitions: 0)) == .badOption)
        #expect(open(.kafka(partitions: 2)) == nil)
        #expect(open(.kafka(partitions: 3)) == nil)
        #expect(open(.kafka(partitions: 2)) == .otherStream)
        #expect(open(.kinesis(shards: 3)) == .otherStream)
    }

    @Test func aKinesisStreamKeepsItsShards() throws {
        let folder = TemporaryFolder()
        _ = try LocalStream(name: "s", kind: .kinesis(shards: 2), in: folder.path)
        for shards in [1, 3] {
            let error = #expect(throws: EventSourceError.self) {
                try LocalStream(name: "s", kind: .kinesis(shards: shards), in: folder.path)
            }
            #expect(error?.code == .otherStream)
        }
    }

    @Test func aShardThatIsNotThereIsNamed() throws {
        let stream = try LocalStream(name: "t", kind: .kafka(partitions: 1), in: TemporaryFolder().path)
        let error = #expect(throws: EventSourceError.self) { try stream.read("t-1", from: 0, atMost: 1) }
        #expect(error == EventSourceError(.unknownShard, "the stream t has no shard t-1"))
        #expect(throws: EventSourceError.self) { try stream.wait(for: ["x": 0], atMostMs: 0) }
    }

    @Test func manyThreadsProduceAndConsumeAtOnce() throws {
        let folder = TemporaryFolder()
        let stream = try LocalStream(name: "t", kind: .kafka(partitions: 2), in: folder.path)
        let producers = 6
        let each = 200
        DispatchQueue.concurrentPerform(iterations: producers + 2) { worker in
            if worker < producers {
                for number in 0..<each {
                    let value = text("\(worker) \(number)")
                    let place = try? stream.append(key: text("key-\(worker)"), value: value, timestampMs: 0)
                    // What is told to be produced can be read at once.
                    let read = place.flatMap { try? stream.read($0.shard, from: $0.offset, atMost: 1) }
                    #expect(read?.first?.value == value)
                }
            } else {
                // Each consumer sees every record of its partition once and in order.
                let shard = "t-\(worker - producers)"
                let expected =
                    (0..<producers).count { stream.kind.shard(of: text("key-\($0)")) == worker - producers } * each
                var next: Int64 = 0
                while next < expected {
                    try? stream.wait(for: [shard: next], atMostMs: 10_000)
                    for record in (try? stream.read(shard, from: next, atMost: 37)) ?? [] {
                        #expect(record.offset == next)
                        next += 1
                    }
                }
            }
        }
        #expect(try stream.end(of: "t-0") + stream.end(of: "t-1") == Int64(producers * each))
        // Each producer's records stand in its own order.
        let all = try stream.shards.flatMap { try stream.read($0, from: 0, atMost: .max) }
        for worker in 0..<producers {
            let numbers = all.filter { $0.key == text("key-\(worker)") }.map(\.value)
            #expect(numbers == (0..<each).map { text("\(worker) \($0)") })
        }
    }

    @Test func waitingEndsWithARecordOrItsTime() throws {
        let stream = try LocalStream(name: "t", kind: .kafka(partitions: 2), in: TemporaryFolder().path)
        try stream.wait(for: ["t-0": 0, "t-1": 0], atMostMs: 0)
        try stream.append(key: text("21"), value: [], timestampMs: 0)
        // Long enough to fail the test's patience were it not for the record.
        try stream.wait(for: ["t-0": 0, "t-1": 0], atMostMs: .max)
    }

    @Test func largeRecordsAreReadInPortions() throws {
        let stream = try LocalStream(name: "t", kind: .kafka(partitions: 1), in: TemporaryFolder().path)
        let value = [UInt8](repeating: 0x78, count: 1 << 20)
        for _ in 0..<20 { try stream.append(key: nil, value: value, timestampMs: 0) }
        var next: Int64 = 0
        while next < 20 {
            let records = try stream.read("t-0", from: next, atMost: 100)
            #expect((1...8).contains(records.count) && records.allSatisfy { $0.value == value })
            next += Int64(records.count)
        }
        #expect(next == 20)
    }

    @Test func aStartingPositionIsFoundByTime() throws {
        let stream = try LocalStream(name: "t", kind: .kafka(partitions: 1), in: TemporaryFolder().path)
        try stream.append((0..<2500).map { .init(key: nil, value: [], timestampMs: Int64($0) * 10) })
        #expect(try StartingPosition.trimHorizon.offset(of: "t-0", in: stream) == 0)
        #expect(try StartingPosition.latest.offset(of: "t-0", in: stream) == 2500)
        #expect(try StartingPosition.atTimestamp(-5).offset(of: "t-0", in: stream) == 0)
        #expect(try StartingPosition.atTimestamp(20_001).offset(of: "t-0", in: stream) == 2001)
        #expect(try StartingPosition.atTimestamp(99_999).offset(of: "t-0", in: stream) == 2500)
    }
}
