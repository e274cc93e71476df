import HTTPTransport
import JSON
import Testing

@testable import AWS

/// What is asked of a stream's shards, and what is made of the replies; moto judges the rest.
@Suite struct KinesisReadingTests {
    private func body(_ wire: ScriptedWire, _ index: Int) throws -> JSONValue {
        try #require(wire.requests.indices.contains(index))
        return try JSONValue(parsing: wire.requests[index].body)
    }

    private func kinesis(_ replies: String...) throws -> (Kinesis, ScriptedWire) {
        let wire = ScriptedWire(replies.map { .success(reply(200, $0)) })
        return (Kinesis(try wire.client()), wire)
    }

    @Test func shardsOfAllPagesAreListed() throws {
        let (kinesis, wire) = try kinesis(
            #"{"Shards":[{"ShardId":"shardId-000000000000","SequenceNumberRange":{"StartingSequenceNumber":"1","EndingSequenceNumber":"9"}}],"NextToken":"t"}"#,
            #"{"Shards":[{"ShardId":"shardId-000000000001","ParentShardId":"shardId-000000000000","SequenceNumberRange":{"StartingSequenceNumber":"10"}}]}"#
        )
        #expect(
            try kinesis.shards(of: "sensors") == [
                Kinesis.Shard(id: "shardId-000000000000", parents: [], isClosed: true),
                Kinesis.Shard(id: "shardId-000000000001", parents: ["shardId-000000000000"], isClosed: false),
            ])
        #expect(try body(wire, 0)["StreamName"]?.string == "sensors")
        // The token alone names the stream from the second page on.
        #expect(try body(wire, 1).members?.map(\.name) == ["NextToken"] && body(wire, 1)["NextToken"]?.string == "t")
    }

    @Test func tokenThatLeadsToItselfEndsTheListing() throws {
        let (kinesis, wire) = try kinesis(#"{"Shards":[],"NextToken":"t"}"#)
        #expect(throws: ServiceError.self) { try kinesis.shards(of: "sensors") }
        #expect(wire.requests.count == 2)
    }

    @Test func iteratorBeginsBehindANumberOrAtTheHorizon() throws {
        let (kinesis, wire) = try kinesis(#"{"ShardIterator":"i"}"#)
        let arn = "arn:aws:kinesis:eu-west-1:123456789012:stream/sensors"
        #expect(try kinesis.iterator(of: "s", in: arn, from: .trimHorizon) == "i")
        #expect(try kinesis.iterator(of: "s", in: "sensors", from: .after(sequenceNumber: "495")) == "i")
        #expect(try body(wire, 0)["ShardIteratorType"]?.string == "TRIM_HORIZON")
        #expect(try body(wire, 0)["StreamARN"]?.string == arn)
        #expect(try body(wire, 1)["ShardIteratorType"]?.string == "AFTER_SEQUENCE_NUMBER")
        #expect(try body(wire, 1)["StartingSequenceNumber"]?.string == "495")
    }

    private static let page = """
        {"Records":[{"SequenceNumber":"49590338271490256608559692538361571095921575989136588898","PartitionKey":"k",\
        "Data":"aGk=","ApproximateArrivalTimestamp":1.795000000123E9}],"NextShardIterator":"n","MillisBehindLatest":70}
        """

    @Test func recordsComeDecoded() throws {
        let (kinesis, wire) = try kinesis(Self.page, #"{"Records":[]}"#)
        let page = try kinesis.records("i", limit: 20_000)
        #expect(page.next == "n" && page.millisecondsBehind == 70)
        #expect(
            page.records == [
                Kinesis.StoredRecord(
                    sequenceNumber: "49590338271490256608559692538361571095921575989136588898", partitionKey: "k",
                    data: Array("hi".utf8), arrivalMs: 1_795_000_000_123)
            ])
        #expect(try body(wire, 0)["Limit"]?.integer == 10_000 && body(wire, 0)["ShardIterator"]?.string == "i")
        #expect(try kinesis.records("i", limit: 1) == Kinesis.Page(records: [], next: nil, millisecondsBehind: 0))
    }

    @Test(arguments: [
        #"{"SequenceNumber":"1","Data":"a"}"#, #"{"SequenceNumber":"1","Data":"a GE="}"#, #"{"SequenceNumber":"1"}"#,
        #"{"SequenceNumber":"","Data":""}"#, #"{"SequenceNumber":"1x","Data":""}"#, #"{"Data":""}"#, "7",
        #"{"SequenceNumber":"1","Data":"","ApproximateArrivalTimestamp":1e300}"#,
        #"{"SequenceNumber":"1","Data":"","ApproximateArrivalTimestamp":-5}"#,
    ])
    func recordThatSaysNothingIsMalformed(_ record: String) throws {
        let (kinesis, _) = try kinesis("{\"Records\":[\(record)]}")
        let error = #expect(throws: ServiceError.self) { try kinesis.records("i", limit: 1) }
        #expect(error?.kind == .malformedReply)
    }

    @Test func damagedRepliesOnlyThrow() throws {
        for bytes in truncations(of: Self.page) + mutations(of: Self.page, count: 300, seed: 5) {
            let wire = ScriptedWire([.success(HTTPResponse(status: 200, fields: [], body: bytes))])
            let kinesis = Kinesis(try wire.client())
            for case let record in (try? kinesis.records("i", limit: 5))?.records ?? [] {
                #expect(!record.sequenceNumber.isEmpty && record.arrivalMs >= 0)
            }
            _ = try? kinesis.shards(of: "s")
        }
    }

    @Test func streamIsAskedForItsARN() throws {
        let arn = "arn:aws:kinesis:eu-west-1:123456789012:stream/sensors"
        let (kinesis, wire) = try kinesis(#"{"StreamDescriptionSummary":{"StreamARN":"\#(arn)"}}"#, "{}")
        #expect(try kinesis.arn(of: "sensors") == arn)
        #expect(try body(wire, 0)["StreamName"]?.string == "sensors")
        #expect(throws: ServiceError.self) { try kinesis.arn(of: "sensors") }
    }

    @Test func expiredIteratorIsToldByItsCode() throws {
        let wire = ScriptedWire([
            .success(reply(400, #"{"__type":"ExpiredIteratorException","message":"too old"}"#))
        ])
        let error = #expect(throws: ServiceError.self) { try Kinesis(wire.client()).records("i", limit: 1) }
        #expect(error?.code == "ExpiredIteratorException")
    }
}
