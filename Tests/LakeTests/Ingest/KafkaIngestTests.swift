import Iceberg
@testable import Lake
import LambdaRuntime
import Synchronization
import Testing

@Suite("KafkaIngest")
struct KafkaIngestTests {
    private static let done = #"{"batchItemFailures":[]}"#

    private static func samples(
        _ offsets: Range<Int64>, partition: Int = 0, topic: String = "trades"
    ) -> [KafkaSample] {
        offsets.map { .text("{\"id\":\($0),\"name\":\"n\"}", at: $0, partition: partition, topic: topic) }
    }

    @Test func takesEachRecordOnce() throws {
        let lake = try KafkaLake()
        for _ in 0..<2 { #expect(try lake.ingest(Self.samples(0..<10)) == Self.done) }
        #expect(try lake.rows() == 10)
    }

    @Test func takesPartitionsAndTopicsOfOneEvent() throws {
        let lake = try KafkaLake()
        let event =
            Self.samples(5..<8, partition: 3) + Self.samples(0..<4, topic: "orders") + Self.samples(100..<101)
            + Self.samples(7..<9, partition: 11, topic: "orders")
        for _ in 0..<2 { #expect(try lake.ingest(event) == Self.done) }
        #expect(try lake.rows() == 4 && lake.rows("orders") == 6)
        #expect(try lake.watermarks() == ["trades-0": "100", "trades-3": "7"])
        #expect(try lake.watermarks("orders") == ["orders-0": "3", "orders-11": "8"])
    }

    @Test func takesRecordsOutOfOrderAndDoubledOnesOnce() throws {
        let lake = try KafkaLake()
        let event = Array(Self.samples(0..<9).reversed()) + Self.samples(3..<12)
        #expect(try lake.ingest(event) == Self.done)
        #expect(try lake.rows() == 12)
        #expect(try lake.watermarks() == ["trades-0": "11"])
    }

    @Test func takesPartitionsThatStandInSeveralPlacesOfTheEvent() throws {
        let lake = try KafkaLake()
        let event = String(decoding: KafkaLake.event(Self.samples(0..<3)), as: UTF8.self)
        let more = String(decoding: KafkaLake.event(Self.samples(3..<6)), as: UTF8.self)
        let records = try #require(more.range(of: "\"trades-0\":[")).lowerBound
        // One name twice, and another name for records of the same partition.
        let both =
            event.dropLast(2) + "," + more[records...].dropLast(2)
            + ",\"x\":[\(Self.samples(2..<8).map(\.json).joined(separator: ","))]}}"
        #expect(try lake.ingest(Array(both.utf8)) == Self.done)
        #expect(try lake.rows() == 8)
    }

    @Test func passesTombstonesOverAndMovesItsOffsets() throws {
        let lake = try KafkaLake()
        let event = Self.samples(0..<2) + [KafkaSample(offset: 2, key: [1]), KafkaSample(offset: 3)]
        #expect(try lake.ingest(event) == Self.done)
        #expect(try lake.rows() == 2)
        #expect(try lake.watermarks() == ["trades-0": "3"])
        #expect(try lake.ingest([KafkaSample(offset: 4)]) == Self.done)
        #expect(try lake.rows() == 2)
        #expect(try lake.watermarks() == ["trades-0": "4"])
    }

    @Test func anUnknownTopicStopsNoOther() throws {
        let lake = try KafkaLake()
        let event = Self.samples(0..<3, topic: "payments") + Self.samples(0..<4) + Self.samples(0..<2, topic: "orders")
        for _ in 0..<2 {
            let error = #expect(throws: JobError.self) { try lake.ingest(event) }
            #expect(error?.code == .ingest(.unknownStream))
            #expect(error?.message.contains("payments") == true && error?.message.contains("trades, orders") == true)
            #expect(error?.message.contains("readings") == false)
            #expect(try lake.rows() == 4 && lake.rows("orders") == 2)
        }
    }

    @Test func stopsBeforeABadRecordWhereTheDefinitionSaysSoAndSaysWhatIsLeft() throws {
        let lake = try KafkaLake(onBadRecord: "fail")
        let event =
            Self.samples(0..<2) + [.text("no", at: 2)] + Self.samples(3..<5) + Self.samples(0..<2, partition: 1)
            + Self.samples(0..<3, topic: "orders")
        for _ in 0..<2 {
            let error = #expect(throws: JobError.self) { try lake.ingest(event) }
            #expect(error?.code == .ingest(.uncommitted))
            #expect(error?.message.contains("trades-0 from 2") == true)
            #expect(error?.message.contains("badJSON") == true)
            #expect(try lake.rows("orders") == 3)
        }
        // What stands before the bad record, and all of the other partition.
        #expect(try lake.rows() == 4)
        #expect(try lake.watermarks() == ["trades-0": "1", "trades-1": "1"])
    }

    @Test func putsBadRecordsIntoTheDeadLetterTableOnce() throws {
        let lake = try KafkaLake()
        let event = [
            KafkaSample.text("{\"id\":1}", at: 0), .text("no", at: 1), .text("{\"id\":\"x\"}", at: 2),
            KafkaSample(topic: "orders", offset: 0, value: []), .text("{\"id\":2}", at: 0, topic: "orders"),
        ]
        for _ in 0..<2 { #expect(try lake.ingest(event) == Self.done) }
        #expect(try lake.rows() == 1)
        #expect(try lake.deadLetters == 3)
    }

    @Test func dropsBadRecordsWhereTheDefinitionSaysSo() throws {
        let lake = try KafkaLake(onBadRecord: "drop")
        #expect(try lake.ingest([.text("no", at: 0), .text("{\"id\":2}", at: 1)]) == Self.done)
        #expect(try lake.rows() == 1)
    }

    @Test func saysWhatIsLeftWhenTheCatalogFails() throws {
        let catalog = Switch()
        let lake = try KafkaLake(catalog: { real in FailingCatalog(real: real, isBroken: catalog) })
        try lake.ingest(Self.samples(0..<5))
        catalog.isOn = true
        let event = Self.samples(3..<9) + Self.samples(0..<2, partition: 4)
        let error = #expect(throws: JobError.self) { try lake.ingest(event) }
        #expect(error?.code == .ingest(.uncommitted))
        #expect(error?.message.contains("trades-0 from 5, trades-4 from 0") == true)
        #expect(error?.message.contains("the catalog is down") == true)
        catalog.isOn = false
        #expect(try lake.ingest(event) == Self.done)
        #expect(try lake.rows() == 11)
    }

    @Test func commitsWhatItTookBeforeTheDeadlineAndSaysWhatIsLeft() throws {
        let lake = try KafkaLake()
        let start = lake.base.nowMs
        let looks = Mutex(0)
        // The clock stands still for the first looks at it, and then jumps to the deadline.
        let clock = WallClock {
            looks.withLock {
                $0 += 1; return $0 <= 4 ? start : start + 59_000
            }
        }
        let event = Self.samples(0..<2000)
        let error = #expect(throws: JobError.self) { try lake.ingest(event, clock: clock) }
        let taken = try lake.rows()
        #expect(taken > 0 && taken < 2000)
        #expect(error?.message.contains("trades-0 from \(taken)") == true)
        #expect(error?.message.contains("deadline") == true)
        #expect(try lake.ingest(event) == Self.done)
        #expect(try lake.rows() == 2000)
    }

    @Test func takesARetryThatIsCutDifferently() throws {
        let lake = try KafkaLake()
        var numbers = SystemRandomNumberGenerator()
        var next: [Int64] = [0, 0, 0]
        while let partition = next.indices.filter({ next[$0] < 60 }).randomElement(using: &numbers) {
            let event = next.indices.flatMap { other -> [KafkaSample] in
                guard other == partition || Bool.random(using: &numbers) else { return [] }
                let start = Int64.random(in: max(0, next[other] - 20)...next[other], using: &numbers)
                let end = min(60, Int64.random(in: next[other]...next[other] + 20, using: &numbers))
                next[other] = max(next[other], end)
                return start < end ? Self.samples(start..<end, partition: other) : []
            }
            if !event.isEmpty { #expect(try lake.ingest(event) == Self.done) }
        }
        #expect(try lake.rows() == 180)
    }
}
