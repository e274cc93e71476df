import AWS
import HTTPTransport
import JSON
import Lake
import LambdaRuntime
import Simulation
import TestSupport
import Testing

@testable import Producers

@Suite struct SimulateSensorsTests {
    /// A Kinesis that does as a test says, and what it was told.
    final class Service {
        let clock = ManualClock()
        /// Records that are in: stream, key and payload.
        private(set) var records: [(stream: String, key: String, value: [UInt8])] = []
        private(set) var callSizes: [Int] = []
        /// Of the next calls: nil for one that fails altogether, or how many of its last records are turned away.
        var refusals: [Int?] = []
        let deadline = RequestDeadline()

        var client: ServiceClient {
            get throws {
                let clock = clock
                return ServiceClient(
                    try AWSConfiguration(environment: ["AWS_REGION": "eu-west-1"]), credentials: NoCredentials(),
                    deadline: deadline,
                    surroundings: ServiceSurroundings(
                        nowMs: { clock.nowMs }, random: ZeroGenerator(), sleep: { clock.sleep($0) }),
                    send: { [unowned self] requests in { requests.map { self.answer($0) } } })
            }
        }

        private func answer(_ request: HTTPRequest) -> Result<HTTPResponse, HTTPFailure> {
            clock.pass(5)
            guard let body = try? JSONValue(parsing: request.body), let records = body["Records"]?.elements else {
                return .success(HTTPResponse(status: 400, body: Array(#"{"__type":"ValidationException"}"#.utf8)))
            }
            callSizes.append(records.count)
            let refused = refusals.isEmpty ? 0 : refusals.removeFirst()
            guard let refused else {
                return .success(HTTPResponse(status: 400, body: Array(#"{"__type":"ResourceNotFoundException"}"#.utf8)))
            }
            var writer = JSONWriter()
            writer.object { writer in
                writer.member("Records") { writer in
                    writer.array { writer in
                        for (place, record) in records.enumerated() {
                            let isIn = place < records.count - refused
                            if isIn { take(record, body) }
                            writer.object { writer in
                                writer.member(isIn ? "ShardId" : "ErrorCode", isIn ? "s-0" : "InternalFailure")
                                writer.member(isIn ? "SequenceNumber" : "ErrorMessage", "1")
                            }
                        }
                    }
                }
            }
            return .success(HTTPResponse(status: 200, body: writer.bytes))
        }

        private func take(_ record: JSONValue, _ body: JSONValue) {
            let name = body["StreamName"] ?? body["StreamARN"]
            var data: [UInt8] = []
            try? Base64.decode(Array((record["Data"]?.string ?? "").utf8).span.bytes, into: &data)
            records.append((name?.string ?? "", record["PartitionKey"]?.string ?? "", data))
        }

        private final class NoCredentials: CredentialsProvider {
            func credentials() throws(ServiceError) -> Credentials {
                Credentials(accessKeyID: "AKID", secretAccessKey: "hidden")
            }
            func discard(_ credentials: Credentials) {}
        }
        var credentials: any CredentialsProvider { NoCredentials() }
    }

    private let service = Service()

    static func definition(_ streams: (name: String, source: String)...) throws -> LakeDefinition {
        let streams = streams.map { name, source in
            #"{"name": "\#(name)", "source": \#(source), "table": "db.t", "decoder": "json", "onBadRecord": "drop"}"#
        }
        let text = """
            {"databases": [{"name": "db"}, {"name": "lake_db"}],
             "tables": [{"name": "db.t", "columns": [{"name": "cpu", "type": "double"}]}],
             "streams": [\(streams.joined(separator: ", "))]}
            """
        return try LakeDefinition(parsing: Array(text.utf8))
    }

    static let sensors = (name: "sensor-readings", source: #"{"kind": "kinesis", "name": "readings"}"#)
    private static let other = (
        name: "other", source: #"{"kind": "kinesis", "arn": "arn:aws:kinesis:eu-west-1:123456789012:stream/other"}"#
    )
    private static let topic = (name: "topic", source: #"{"kind": "kafka", "topic": "topic"}"#)

    private func handler(
        _ environment: [String: String] = [:], _ definition: LakeDefinition? = nil
    ) throws -> SimulateSensors {
        let services = LakeServices(
            try definition ?? Self.definition(Self.sensors), client: try service.client,
            credentials: service.credentials,
            deadline: service.deadline)
        let clock = service.clock
        return try SimulateSensors(services, environment, sleep: { clock.sleep($0) })
    }

    private func run(_ handler: inout SimulateSensors, _ event: String) throws -> JSONValue {
        let context = service.clock.context()
        return try JSONValue(parsing: handler.handle(JSONEvent(EventBuffer(Array(event.utf8))), context).bytes)
    }

    @Test func aMinuteHasAsManyReadingsAsTheRateSaysEverySecond() throws {
        var handler = try handler(["SIMULATE_RATE": "40", "SIMULATE_DEVICES": "7"])
        let reply = try run(&handler, "{}")
        #expect(reply["records"]?["put"]?.integer == 2_400 && reply["steps"]?.integer == 60)
        #expect(service.callSizes == Array(repeating: 40, count: 60))
        let readings = SensorReadings(
            seed: 1, devices: 7, pace: Pace(startMs: 0, perSecond: 40), badRecordRate: 0)
        let first = readings.pace.index(atMs: ManualClock.noonMs - 1_000)
        #expect(service.records.map(\.value) == (first..<first + 2_400).map(readings.record))
        #expect(service.records.map(\.key) == (first..<first + 2_400).map(readings.partitionKey))
        #expect(service.records.allSatisfy { $0.stream == "readings" })
        #expect(service.clock.nowMs < ManualClock.noonMs + 60_000)
    }

    @Test func callsHaveFiveHundredRecordsAtMost() throws {
        var handler = try handler()
        _ = try run(&handler, #"{"rate": 1200, "devices": 1000, "steps": 2}"#)
        #expect(service.callSizes == [500, 500, 200, 500, 500, 200])
        #expect(Set(service.records.map(\.value)).count == 2_400)
    }

    @Test func whatIsTurnedAwayIsPutAgainAlone() throws {
        var handler = try handler()
        service.refusals = [3, 1]
        let reply = try run(&handler, #"{"rate": 20, "steps": 1}"#)
        #expect(reply["records"]?["put"]?.integer == 20 && reply["failed"]?.integer == 0)
        #expect(service.callSizes == [20, 3, 1])
        #expect(Set(service.records.map(\.value)).count == 20)
    }

    @Test func aCallThatFailsCountsAndTheMinuteGoesOn() throws {
        var handler = try handler()
        service.refusals = [nil]
        let reply = try run(&handler, #"{"rate": 20, "steps": 2}"#)
        #expect(reply["records"]?["put"]?.integer == 20 && reply["records"]?["failed"]?.integer == 20)
        #expect(reply["lastError"]?.string?.contains("ResourceNotFoundException") == true)
        #expect(
            reply["lastError"]?.string?.hasPrefix("20 of 20 records did not get into Kinesis stream readings") == true)
    }

    @Test func silentDevicesSendNothing() throws {
        var handler = try handler()
        let reply = try run(
            &handler, #"{"rate": 100, "devices": 10, "anomalyRate": 100, "badRecordRate": 50, "steps": 10}"#)
        let put = try #require(reply["records"]?["put"]?.integer)
        let readings = SensorReadings(
            seed: 1, devices: 10, pace: Pace(startMs: 0, perSecond: 100), badRecordRate: 50, anomalyRate: 100)
        let first = readings.pace.index(atMs: ManualClock.noonMs - 1_000)
        let sent = (first..<first + 1_000).filter { !readings.isSilent($0) }
        #expect(put == Int64(sent.count))
        #expect(service.records.map(\.value) == sent.map(readings.record))
    }

    @Test func aStreamIsNamedOrTheOnlyOne() throws {
        func address(_ name: String?, _ definition: LakeDefinition) throws -> String {
            let stream = try SimulateSensors.stream(named: name, in: definition)
            return stream.address
        }
        let both = try Self.definition(Self.topic, Self.other, Self.sensors)
        #expect(try address(nil, both) == "readings")
        #expect(try address("other", both) == "arn:aws:kinesis:eu-west-1:123456789012:stream/other")
        #expect(try address(nil, Self.definition(Self.topic, Self.other)).hasSuffix("stream/other"))
        #expect(throws: EventError.self) { _ = try address("topic", both) }
        let third = (name: "third", source: #"{"kind": "kinesis", "name": "third"}"#)
        #expect(throws: JobError.self) { _ = try address(nil, Self.definition(Self.other, third)) }
        #expect(throws: JobError.self) { _ = try handler([:], Self.definition(Self.topic)) }
    }

    @Test func theStreamOfAnOptionIsPutInto() throws {
        var handler = try handler([:], Self.definition(Self.sensors, Self.other))
        let reply = try run(&handler, #"{"stream": "other", "steps": 1}"#)
        #expect(reply["stream"]?.string == "other")
        #expect(service.records.allSatisfy { $0.stream.hasPrefix("arn:aws:kinesis:") })
    }

    @Test(arguments: ["SIMULATE_DEVICES", "SIMULATE_ANOMALY_RATE", "SIMULATE_RATE"])
    func faultySettingsAreRefused(_ variable: String) {
        #expect(throws: ConfigurationError.self) { _ = try handler([variable: "many"]) }
    }
}
