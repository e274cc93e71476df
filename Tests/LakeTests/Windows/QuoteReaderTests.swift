import Iceberg
@testable import Lake
import LambdaRuntime
import Testing

@Suite("Quotes through kafka-ingest")
struct QuoteReaderTests {
    static let columns = """
        {"name":"asset_id","type":"string"},{"name":"asset_type","type":"string"},
        {"name":"start_window","type":"timestamp"},{"name":"end_window","type":"timestamp"},
        {"name":"price_crypto","type":"double"},{"name":"ref_date","type":"date"}
        """

    static func lake(
        onBadRecord: String = "dead-letter", columns: String = columns, window: String = ""
    ) throws -> KafkaLake {
        let edit = { (text: String) in
            // The stream of the topic `trades`, and not the others.
            guard let stream = text.firstRange(of: "\"table\":\"sensors_db.trades\""),
                let decoder = text[stream.upperBound...].firstRange(of: "\"decoder\":\"json\"")
            else { return text }
            return text[..<decoder.lowerBound] + "\"decoder\":\"bars\"\(window)" + text[decoder.upperBound...]
        }
        return try KafkaLake(onBadRecord: onBadRecord, columns: columns, edit: edit)
    }

    /// A record of one bar so many seconds after ten, without a time of its own.
    static func record(
        _ seconds: Int, _ price: String = "1", _ symbol: String = "BTC/USD", at offset: Int64, partition: Int = 0
    ) -> KafkaSample {
        var sample = KafkaSample.text(
            "{\"bars\":{\"\(symbol)\":{\"t\":\"\(time(seconds))\",\"c\":\(price)}}}", at: offset, partition: partition)
        sample.timestampType = "NO_TIMESTAMP_TYPE"
        sample.timestampMs = -1
        return sample
    }

    static func time(_ seconds: Int) -> String {
        let parts = [10 + seconds / 3_600, seconds / 60 % 60, seconds % 60].map { $0 < 10 ? "0\($0)" : "\($0)" }
        return "2026-11-20T\(parts.joined(separator: ":"))Z"
    }

    static func table(_ lake: KafkaLake) throws -> Table {
        try lake.base.lake.table(TableIdentifier(namespace: "sensors_db", name: "trades"))
    }

    static func state(_ lake: KafkaLake, _ partition: Int = 0) throws -> QuoteWindows? {
        try WindowStates(of: KafkaLake.cluster, in: table(lake).metadata).windows("trades-\(partition)")
    }

    @Test("a commit without rows carries the windows, and a replay changes nothing")
    func stored() throws {
        let lake = try Self.lake()
        try lake.ingest([Self.record(0, at: 0), Self.record(30, "5", at: 1), Self.record(70, "2", at: 2)])
        #expect(try lake.rows() == 0)
        let state = try #require(try Self.state(lake))
        #expect(state.open.count == 2)
        let snapshots = try Self.table(lake).metadata.snapshots.count
        try lake.ingest([Self.record(0, at: 0), Self.record(30, "5", at: 1), Self.record(70, "2", at: 2)])
        #expect(try Self.table(lake).metadata.snapshots.count == snapshots)
        try lake.ingest([Self.record(70, "2", at: 2), Self.record(180, at: 3)])
        #expect(try lake.rows() == 1)
        #expect(try Self.state(lake)?.open.count == 2)
    }

    @Test("each partition has windows of its own, and a tombstone leaves them")
    func partitions() throws {
        let lake = try Self.lake()
        try lake.ingest([Self.record(0, at: 0), Self.record(0, "1", "ETH/USD", at: 0, partition: 1)])
        try lake.ingest([KafkaSample(offset: 1), Self.record(600, "1", "ETH/USD", at: 1, partition: 1)])
        #expect(try lake.rows() == 1)
        #expect(try Self.state(lake, 0)?.open.count == 1)
        #expect(try Self.state(lake, 1)?.seenHours.keys.map(\.text) == ["ETH/USD"])
        #expect(try lake.watermarks() == ["trades-0": "1", "trades-1": "1"])
    }

    static let half = "{\"bars\":{\"BTC/USD\":{\"t\":\"2026-11-20T10:00:00Z\",\"c\":1},\"BTC\":{\"c\":2}}}"

    @Test(
        "of a record with bad bars the good ones are taken, and it is a dead letter",
        arguments: ["dead-letter", "drop"])
    func partly(policy: String) throws {
        let lake = try Self.lake(onBadRecord: policy)
        for _ in 0..<2 { try lake.ingest([.text(Self.half, at: 0, timestampMs: 0), Self.record(200, at: 1)]) }
        #expect(try lake.rows() == 1)
        #expect(try policy == "drop" || lake.deadLetters == 1)
    }

    @Test("where bad records stop the stream, nothing of them is taken")
    func fail() throws {
        let lake = try Self.lake(onBadRecord: "fail")
        let event = [Self.record(60, at: 0), .text(Self.half, at: 1, timestampMs: 0), Self.record(300, at: 2)]
        for _ in 0..<2 { #expect(throws: JobError.self) { try lake.ingest(event) } }
        #expect(try lake.watermarks() == ["trades-0": "0"])
        let windows = try #require(try Self.state(lake))
        #expect(windows.open.count == 1)
        #expect(windows.open.keys.first?.startUs == QuoteSupport.tenUs + QuoteSupport.minuteUs)
    }

    @Test("the bound on times ahead needs a record's own time")
    func ahead() throws {
        let lake = try Self.lake()
        let bar = "{\"bars\":{\"A/B\":{\"t\":\"1970-01-01T00:10:01.001001Z\",\"c\":1}}}"
        for (offset, timestampMs) in [Int64(1_000), 1_001, 0, 1_000_000].enumerated() {
            try lake.ingest([.text(bar, at: Int64(offset), timestampMs: timestampMs)])
        }
        #expect(try lake.deadLetters == 2)
        #expect(try Self.state(lake)?.open.count == 1)
    }

    @Test("a frame of a schema registry is passed over, and its errors count from the record's start")
    func frame() throws {
        let lake = try Self.lake()
        let framed = [0, 0, 0, 0, 7] + Self.half.utf8
        try lake.ingest([KafkaSample(offset: 0, timestampMs: 0, value: framed), Self.record(200, at: 1)])
        #expect(try lake.rows() == 1)
        #expect(try lake.deadLetters == 1)
    }

    @Test("damaged windows stop their partition loudly, and no other")
    func damage() throws {
        let lake = try Self.lake()
        try lake.ingest([Self.record(0, at: 0), Self.record(0, "1", "ETH/USD", at: 0, partition: 1)])
        let table = try Self.table(lake)
        let name = WindowStates(of: KafkaLake.cluster, in: try table.metadata).name("trades-0")
        _ = try table.append(Append(encodedFor: try table.metadata, summary: [name: "{}"]))
        let error = #expect(throws: JobError.self) { try lake.ingest([Self.record(600, at: 1)]) }
        #expect(error?.message.contains("\(name): the stored windows are damaged") == true)
        #expect(try lake.rows() == 0)
        #expect(try lake.watermarks()["trades-0"] == "0")
        try lake.ingest([Self.record(600, "1", "ETH/USD", at: 1, partition: 1)])
        #expect(try lake.rows() == 1)
    }

    @Test("a window of another length takes over where the old ones end")
    func otherLength() throws {
        let lake = try Self.lake()
        try lake.ingest([Self.record(0, at: 0)])
        let other = try Self.lake(window: ",\"window\":{\"length\":\"5m\",\"delay\":\"2m\"}")
        let definition = other.base.lake.definition
        #expect(
            definition.stream(kafkaTopic: "trades", clusterARN: nil, bootstrapServers: [])?.window.lengthMs == 300_000)
        var handler = KafkaIngest(
            lake: Lake(
                definition, catalog: lake.base.lake.catalog, store: lake.base.lake.store, warehouse: "file:///none",
                createsTables: false, environment: TemporaryLake.environment), TemporaryLake.initContext)
        let event = KafkaLake.event([Self.record(0, at: 1), Self.record(900, at: 2)])
        _ = try handler.handle(KafkaEvent(EventBuffer(event)), TemporaryLake.context(nowMs: TemporaryLake.nowMs))
        #expect(try lake.rows() == 2)
    }

    @Test("the topic of a partition is what stands before its number")
    func topics() {
        #expect(WindowStates.topic(of: "coinbase-currencies-12") == "coinbase-currencies")
        #expect(WindowStates.topic(of: "a-b") == nil)
        #expect(WindowStates.topic(of: "a") == nil)
        #expect(WindowStates.topic(of: "") == nil)
    }
}
