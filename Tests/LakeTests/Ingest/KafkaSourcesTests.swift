import Iceberg
@testable import Lake
import LambdaRuntime
import Testing

/// Which cluster records are of, and what its clocks may say.
@Suite("Sources of KafkaIngest")
struct KafkaSourcesTests {
    private static func samples(_ offsets: Range<Int64>, partition: Int = 0, timestampMs: Int64? = nil) -> [KafkaSample]
    {
        offsets.map { .text("{\"id\":\($0)}", at: $0, partition: partition, timestampMs: timestampMs) }
    }

    @Test func clustersHaveWatermarksOfTheirOwn() throws {
        let lake = try KafkaLake()
        try lake.ingest(Self.samples(0..<3))
        try lake.ingest(Self.samples(0..<3), cluster: KafkaLake.cluster + "8")
        try lake.ingest(Self.samples(0..<3), cluster: nil)
        #expect(try lake.rows() == 9)
    }

    @Test func aSelfManagedClusterIsKnownByItsServersInAnyOrder() throws {
        let lake = try KafkaLake()
        try lake.ingest(Self.samples(0..<3), cluster: nil, bootstrap: "b-2:9092,b-1:9092")
        try lake.ingest(Self.samples(0..<5), cluster: nil, bootstrap: "b-1:9092, b-2:9092")
        #expect(try lake.rows() == 5)
        #expect(try lake.watermarks(of: "b-1:9092,b-2:9092") == ["trades-0": "4"])
    }

    @Test(arguments: [("aws:kafka", "arn:aws:kafka:x"), ("SelfManagedKafka", nil)])
    func onlyAnEventOfMSKIsKnownByItsARN(source: String, arn: String?) throws {
        let text =
            #"{"eventSource":"\#(source)","eventSourceArn":"arn:aws:kafka:x","bootstrapServers":"b-1:9092","#
            + #""records":{"t-0":[{"topic":"t","partition":0,"offset":1}]}}"#
        #expect(try KafkaEvent(EventBuffer(Array(text.utf8))).mskARN == arn)
    }

    @Test func aSelfManagedClusterIsKnownByTheDefinitionsWordForIt() throws {
        let lake = try KafkaLake(edit: {
            $0.replacing("\"topic\":\"trades\"", with: "\"topic\":\"trades\",\"cluster\":\"b-1:9092\"")
        })
        try lake.ingest(Self.samples(0..<3), cluster: nil, bootstrap: "b-1:9092")
        try lake.ingest(Self.samples(0..<5), cluster: nil, bootstrap: "b-3:9092,b-1:9092,b-2:9092")
        #expect(try lake.rows() == 5)
        #expect(try lake.watermarks(of: "b-1:9092") == ["trades-0": "4"])
        // The topic of another cluster is not this stream's.
        let error = #expect(throws: JobError.self) {
            try lake.ingest(Self.samples(0..<3), cluster: nil, bootstrap: "b-9:9092")
        }
        #expect(error?.code == .ingest(.unknownStream))
    }

    @Test(arguments: [nil, "", " , "]) func aClusterThatCannotBeToldIsRefused(bootstrap: String?) throws {
        let lake = try KafkaLake()
        let error = #expect(throws: JobError.self) {
            try lake.ingest(Self.samples(0..<3), cluster: nil, bootstrap: bootstrap)
        }
        #expect(error?.code == .ingest(.unknownSource))
        #expect(error?.message.contains("bootstrapServers") == true)
    }

    @Test func anEmptyARNIsNoCluster() throws {
        let error = #expect(throws: JobError.self) { try KafkaLake().ingest(Self.samples(0..<3), cluster: "") }
        #expect(error?.code == .ingest(.unknownSource))
        #expect(error?.message.contains("eventSourceArn") == true)
    }

    @Test func refusesATopicThatWasRecreatedAndTakesTheOthers() throws {
        let lake = try KafkaLake()
        try lake.ingest(Self.samples(100..<110))
        let orders = Self.samples(0..<2).map { sample in
            var sample = sample
            sample.topic = "orders"
            return sample
        }
        let error = #expect(throws: JobError.self) {
            try lake.ingest(Self.samples(0..<10, timestampMs: 9_000_000) + orders)
        }
        #expect(error?.code == .ingest(.recreatedStream))
        #expect(error?.message.contains("trades-0: offset 0") == true && error?.message.contains("topic") == true)
        #expect(try lake.rows() == 10 && lake.rows("orders") == 2)
    }

    /// 9999-12-31, year 1, none, and what no calendar has.
    @Test(arguments: [253_402_300_799_000, -62_135_596_800_000, 0, -1, .max, .min] as [Int64])
    func aClockThatIsWrongForgetsNoWatermark(timestampMs: Int64) throws {
        let lake = try KafkaLake()
        let usual = Self.samples(0..<5) + Self.samples(0..<5, partition: 1)
        try lake.ingest(usual)
        let wrong =
            Self.samples(0..<3, partition: 2, timestampMs: timestampMs) + [
                .text("bad", at: 3, partition: 2, timestampMs: timestampMs)
            ]
        for _ in 0..<2 { try lake.ingest(wrong) }
        // The other partitions are neither outdated nor recreated by it.
        try lake.ingest(Self.samples(5..<6))
        try lake.ingest(usual + wrong)
        #expect(try lake.rows() == 14)
        #expect(try lake.deadLetters == 1)
        #expect(try lake.watermarks() == ["trades-0": "5", "trades-1": "4", "trades-2": "3"])
    }

    @Test func recordsWithoutTimesAreTakenOnce() throws {
        let lake = try KafkaLake()
        let event = (0..<5).map {
            KafkaSample(
                offset: $0, timestampMs: -1, timestampType: "NO_TIMESTAMP_TYPE", value: Array("{\"id\":1}".utf8))
        }
        for _ in 0..<2 { try lake.ingest(event) }
        #expect(try lake.rows() == 5)
    }

    @Test func takesTheLargestOffset() throws {
        let lake = try KafkaLake()
        try lake.ingest([.text("{\"id\":1}", at: .max, timestampMs: 1)])
        try lake.ingest([.text("{\"id\":1}", at: .max, timestampMs: 1)])
        #expect(try lake.rows() == 1)
        #expect(try lake.watermarks() == ["trades-0": "9223372036854775807"])
    }
}
