import Lake
import Testing

@testable import swiftlake

@Suite struct TwinSourceTests {
    @Test func streamsOfThisMachineHaveIdentitiesOfTheirOwn() throws {
        let (sources, left) = TwinSource.all(of: try TwinSupport.definition(), brokers: nil, kinesisARN: nil)
        #expect(left.isEmpty && sources.allSatisfy { $0.place == .local })
        #expect(
            sources.map(\.identity) == [
                "arn:aws:kinesis:local:000000000000:stream/sensors-in", TwinSource.localClusterARN,
                TwinSource.localClusterARN,
            ])
        #expect(sources[0].shards == ["shardId-000000000000", "shardId-000000000001"])
        #expect(sources[1].shards == ["trades-0", "trades-1", "trades-2"])
    }

    @Test func aClusterIsKnownByItsServersUnlessTheStreamNamesIt() throws {
        let (any, _) = TwinSource.all(of: try TwinSupport.definition(), brokers: ["b:2", "a:1"], kinesisARN: nil)
        #expect(any[1].identity == "a:1,b:2" && any[1].arn == nil && any[1].place == .kafka(brokers: ["b:2", "a:1"]))
        let named = try TwinSupport.definition(cluster: #""cluster":"a:1","#)
        let (sources, left) = TwinSource.all(of: named, brokers: ["b:2", "a:1"], kinesisARN: nil)
        #expect(sources[1].identity == "a:1" && left.isEmpty)
        let (others, rest) = TwinSource.all(of: named, brokers: ["c:3"], kinesisARN: nil)
        #expect(others.map(\.name) == ["sensors-in"] && rest.map(\.stream) == ["trades", "other"])
        // On this machine such a cluster's events name no ARN.
        let (local, _) = TwinSource.all(of: named, brokers: nil, kinesisARN: nil)
        #expect(local[1].arn == nil && local[1].identity == "a:1")
    }

    @Test func streamsOfAServiceHaveItsARN() throws {
        let arn = "arn:aws:kinesis:eu-west-1:123456789012:stream/sensors-in"
        let (sources, _) = TwinSource.all(of: try TwinSupport.definition(), brokers: nil) { _ in arn }
        #expect(sources[0].place == .kinesis && sources[0].identity == arn && sources[1].place == .local)
    }

    @Test func everyShardHasAMappingAndPartitionsAreSplit() throws {
        let definition = try TwinSupport.definition()
        let (sources, _) = TwinSource.all(of: definition, brokers: nil, kinesisARN: nil)
        let jobs: Set = ["kinesis-ingest", "kafka-ingest", "detect-anomalies", "kafka-elastic"]
        func mappings(_ source: Int, pollers: Int) -> [TwinMapping] {
            TwinMapping.all(
                of: sources[source], shards: sources[source].shards, pollers: pollers, jobs: jobs, definition)
        }
        #expect(mappings(0, pollers: 2).map(\.shards) == [["shardId-000000000000"], ["shardId-000000000001"]])
        #expect(mappings(0, pollers: 2).allSatisfy { $0.job == "kinesis-ingest" })
        #expect(mappings(1, pollers: 2).map(\.shards) == [["trades-0", "trades-2"], ["trades-1"]])
        #expect(mappings(1, pollers: 9).map(\.shards) == [["trades-0"], ["trades-1"], ["trades-2"]])
        #expect(mappings(2, pollers: 9).map(\.shards) == [["other-0"]])
        guard case .table(let table, let source) = mappings(1, pollers: 1)[0].progress else {
            Issue.record("an Iceberg table tells how far its function has come")
            return
        }
        #expect("\(table)" == "d.trades" && source == TwinSource.localClusterARN)
    }

    @Test func rateIsSplitAmongTheStreamsThatASimulatorFits() throws {
        let definition = try TwinSupport.definition()
        let (sources, _) = TwinSource.all(of: definition, brokers: nil, kinesisARN: nil)
        func rates(_ rate: Int) -> [String: Int] {
            Dictionary(
                uniqueKeysWithValues: Simulator.all(of: sources, rate: rate, definition).map {
                    ($0.source.stream.name, $0.rate)
                })
        }
        #expect(rates(200) == ["sensors": 134, "trades": 66])
        #expect(rates(1) == ["sensors": 1])
    }

    @Test func simulatorsMakeTheRecordsOfTheirTime() throws {
        let definition = try TwinSupport.definition()
        let (sources, _) = TwinSource.all(of: definition, brokers: nil, kinesisARN: nil)
        let nowMs: Int64 = 1_795_000_000_000
        for simulator in Simulator.all(of: sources, rate: 90, definition) {
            let records = simulator.records(seed: 1, devices: 12)
            let second = records.index(nowMs)..<records.index(nowMs + 1000)
            #expect(second.count == simulator.rate)
            #expect(second.compactMap(records.record).allSatisfy { (nowMs...nowMs + 1000).contains($0.timeMs) })
        }
    }
}
