import TestSupport
import Testing

@testable import EventSources

/// What holds whatever a function does: seeded functions that fail, crash, time out, are throttled, reply nonsense or
/// report a part, and some records that none of them ever takes.
@Suite struct MappingPropertyTests {
    /// A source, a mapping and a function, and all that must hold between them.
    private struct World {
        var generator: SeededGenerator
        let shards: [String]
        let options: MappingOptions
        let isKafka: Bool
        let destination: Destination
        /// Every record that was ever made.
        var made: [String: [StreamRecord]] = [:]
        /// Offsets that are neither taken nor given up, per shard.
        var open: [String: [Int64]] = [:]
        /// The offset that each shard is read from next.
        var read: [String: Int64] = [:]
        var poison: Set<ItemIdentifier> = []
        var discards = 0
        var now: Int64 = 1_000_000

        init(
            _ generator: SeededGenerator, _ shards: [String], _ options: MappingOptions, isKafka: Bool,
            _ destination: Destination
        ) {
            self.generator = generator
            self.shards = shards
            self.options = options
            self.isKafka = isKafka
            self.destination = destination
        }

        var text: any EventText { isKafka ? Samples.kafka : Samples.kinesis }
    }

    private func world(_ seed: UInt64, isKafka: Bool) -> World {
        var generator = SeededGenerator(seed: seed)
        let destination = Destination()
        var options = MappingOptions.kinesis
        options.batchSize = Int.random(in: 1...20, using: &generator)
        options.maximumBatchingWindowMs = [0, 0, 700].randomElement(using: &generator)!
        options.maximumRetryAttempts = Int.random(in: 0...3, using: &generator)
        options.maximumRecordAgeSeconds = [-1, -1, -1, 60].randomElement(using: &generator)!
        options.bisectBatchOnFunctionError = Bool.random(using: &generator)
        options.reportBatchItemFailures = Bool.random(using: &generator)
        options.partialRetry = PartialRetry.allCases.randomElement(using: &generator)!
        options.maximumPayloadBytes = Int.random(in: 900...6000, using: &generator)
        options.destination = destination.take
        let shards = isKafka ? (0..<Int.random(in: 1...4, using: &generator)).map { "t-\($0)" } : [Samples.shard]
        return World(generator, shards, options, isKafka: isKafka, destination)
    }

    private func mapping(of world: World) throws -> any EventSourceMapping {
        guard world.isKafka else {
            return try ShardMapping(
                shard: Samples.shard, from: 0, functionARN: "f", text: Samples.kinesis, options: world.options, seed: 1)
        }
        return try TopicMapping(
            partitions: world.shards.map { ($0, 0) }, functionARN: "f", text: Samples.kafka, options: world.options,
            isProvisioned: true, seed: 1)
    }

    /// Adds a record to a shard; Kafka's offsets have gaps.
    private func produce(_ world: inout World) {
        let shard = world.shards.randomElement(using: &world.generator)!
        let gap: Int64 = world.isKafka ? [0, 0, 0, 3].randomElement(using: &world.generator)! : 0
        let offset = (world.made[shard]?.last?.offset ?? -1) + 1 + gap
        let bytes =
            Int.random(in: 0..<20, using: &world.generator) == 0
            ? 3000 : Int.random(in: 0...60, using: &world.generator)
        let record = StreamRecord(
            shard: shard, offset: offset, key: [0x6B], value: [UInt8](repeating: 0x78, count: bytes),
            timestampMs: world.now)
        world.made[shard, default: []].append(record)
        world.open[shard, default: []].append(offset)
        if Int.random(in: 0..<25, using: &world.generator) == 0 {
            world.poison.insert(world.text.identifier(of: record))
        }
    }

    /// What the function does, and which of the records it takes.
    private func outcome(_ batch: MappedBatch, _ world: inout World) -> InvocationOutcome {
        let bad = batch.records.filter { world.poison.contains(world.text.identifier(of: $0)) }
        switch Int.random(in: 0..<12, using: &world.generator) {
        case 0: return .functionError
        case 1: return .crash
        case 2: return .timeout
        case 3: return .throttled
        case 4 where world.options.reportBatchItemFailures: return .reply(Array(#"{"batchItemFailures":[{}]}"#.utf8))
        default: break
        }
        guard world.options.reportBatchItemFailures else { return bad.isEmpty ? Samples.success : .functionError }
        var reported = bad
        if Int.random(in: 0..<4, using: &world.generator) == 0 {
            reported.append(batch.records.randomElement(using: &world.generator)!)
        }
        if world.isKafka { return Samples.reply(reported.map { ($0.shard, $0.offset) }) }
        let items = reported.map { #"{"itemIdentifier":"\#(ShardSequenceNumber.text($0.offset))"}"# }
        return .reply(Array(#"{"batchItemFailures":[\#(items.joined(separator: ","))]}"#.utf8))
    }

    /// A record may only be settled in its turn, by the function or by a failure record.
    private func settle(_ shard: String, _ offset: Int64, _ world: inout World) {
        guard let place = world.open[shard]?.firstIndex(of: offset) else {
            Issue.record("\(shard) \(offset) is settled twice")
            return
        }
        world.open[shard]?.remove(at: place)
    }

    /// What was given up since the last look is settled by that.
    private func settleDiscards(_ world: inout World) {
        for record in world.destination.records.dropFirst(world.discards) {
            for record in record.records { settle(record.shard, record.offset, &world) }
        }
        world.discards = world.destination.records.count
    }

    private func check(_ batch: MappedBatch, _ world: World) {
        #expect(!batch.records.isEmpty && batch.records.count <= world.options.batchSize)
        #expect(batch.event().count <= world.options.maximumPayloadBytes)
        for shard in Set(batch.records.map(\.shard)) {
            let offsets = batch.records.filter { $0.shard == shard }.map(\.offset)
            let open = world.open[shard] ?? []
            // What is still open comes in order, and none of it is passed over but by a reply that said so.
            if world.options.partialRetry == .reportedOnly && world.isKafka {
                #expect(offsets == offsets.sorted() && offsets.first == open.first)
            } else {
                #expect(Array(open.prefix(offsets.count)) == offsets)
            }
        }
    }

    /// What the function took of a batch, by its reply alone.
    private func settle(_ batch: MappedBatch, _ outcome: InvocationOutcome, _ world: inout World) {
        guard case .reply(let reply) = outcome else { return }
        var first: [String: Int64] = [:]
        var reported: Set<ItemIdentifier> = []
        if world.options.reportBatchItemFailures {
            switch BatchItemFailures(reply: reply) {
            case .none: break
            case .all: return
            case .some(let identifiers): reported = identifiers
            }
        }
        for record in batch.records where reported.contains(world.text.identifier(of: record)) {
            first[record.shard] = min(first[record.shard] ?? .max, record.offset)
        }
        for record in batch.records {
            let isLeft =
                world.options.partialRetry == .reportedOnly
                ? reported.contains(world.text.identifier(of: record)) : record.offset >= first[record.shard] ?? .max
            if !isLeft { settle(record.shard, record.offset, &world) }
        }
    }

    @Test(arguments: [false, true]) func everyRecordIsTakenInOrderOrGivenUpWithARecord(_ isKafka: Bool) throws {
        var invocations = 0
        var discarded = 0
        for seed: UInt64 in 0..<250 {
            var world = world(seed, isKafka: isKafka)
            var mapping = try mapping(of: world)
            var left = Int.random(in: 1...80, using: &world.generator)
            var steps = 0
            while left > 0 || world.open.values.contains(where: { !$0.isEmpty }) {
                steps += 1
                try #require(steps < 20_000, "seed \(seed) comes to no end")
                if left > 0, Int.random(in: 0..<3, using: &world.generator) > 0 {
                    for _ in 0..<min(left, Int.random(in: 1...6, using: &world.generator)) {
                        produce(&world)
                        left -= 1
                    }
                }
                for request in mapping.wanted() {
                    #expect(request.count > 0)
                    let records = (world.made[request.shard] ?? []).filter { $0.offset >= request.offset }
                    let portion = Array(records.prefix(request.count))
                    mapping.add(portion, nowMs: world.now)
                    if let last = portion.last { world.read[request.shard] = last.offset + 1 }
                }
                let step = mapping.next(nowMs: world.now)
                settleDiscards(&world)
                switch step {
                case .invoke(let batch):
                    check(batch, world)
                    let outcome = outcome(batch, &world)
                    if outcome != .throttled { invocations += 1 }
                    world.now += Int64.random(in: 0..<3000, using: &world.generator)
                    mapping.take(outcome, requestID: "r", nowMs: world.now)
                    settle(batch, outcome, &world)
                    settleDiscards(&world)
                case .wait(let time):
                    #expect(time > world.now)
                    world.now = min(time, world.now + 500)
                case .idle: world.now += 100
                }
                for shard in world.shards {
                    let next = world.read[shard] ?? 0
                    #expect(mapping.checkpoints[shard] == world.open[shard]?.first(where: { $0 < next }) ?? next)
                }
            }
            #expect(mapping.unsettled == 0)
            let all = world.made.values.reduce(0) { $0 + $1.count }
            #expect(mapping.counts.taken + mapping.counts.discarded == all)
            discarded += mapping.counts.discarded
        }
        // The seeds are worth something: both ways out are taken often.
        #expect(invocations > 2000 && discarded > 500)
    }

    @Test func bisectingFindsABadRecordInAsManyCallsAsItHasHalves() throws {
        for count in [1, 2, 3, 7, 8, 100, 1000] {
            for bad in Set([0, 1, count / 2, count - 1]) where bad < count {
                let destination = Destination()
                let mapping = try Samples.shardMapping {
                    $0.batchSize = count
                    $0.bisectBatchOnFunctionError = true
                    $0.maximumRetryAttempts = 2
                    $0.destination = destination.take
                }
                mapping.add(Samples.records(0..<Int64(count)), nowMs: 0)
                var now: Int64 = 0
                while mapping.unsettled > 0 {
                    now += 60_000
                    let batch = try #require(mapping.batch(now))
                    mapping.take(batch.contains(Int64(bad)) ? .functionError : Samples.success, now)
                }
                #expect(destination.offsets == [[Int64(bad)]])
                let halvings = count == 1 ? 0 : Int.bitWidth - (count - 1).leadingZeroBitCount
                // Down to the record, twice more with it alone, and the other half of each split.
                #expect(mapping.counts.failures <= halvings + 3)
                #expect(mapping.counts.invocations <= 2 * halvings + 3)
            }
        }
    }
}
