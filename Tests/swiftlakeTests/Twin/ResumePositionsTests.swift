import EventSources
import Iceberg
import Testing

@testable import swiftlake

@Suite struct ResumePositionsTests {
    private func marks(_ last: [String: String]) throws -> Watermarks {
        Watermarks(
            source: "s",
            shards: try last.mapValues {
                let offset = try SourceOffset(parsing: $0)
                return Watermark(previous: nil, first: offset, last: offset, maximumTimestampMs: 0)
            })
    }

    @Test func whatNoTableKnowsBeginsAtItsBeginning() {
        let resume = ResumePositions(nil, shards: ["t-0", "t-1"], isOfKafka: true)
        #expect(resume.next == ["t-0": 0, "t-1": 0] && resume.foreign.isEmpty)
    }

    @Test func partitionGoesOnBehindItsLastOffset() throws {
        let resume = ResumePositions(try marks(["t-0": "41", "x-0": "7"]), shards: ["t-0", "t-1"], isOfKafka: true)
        #expect(resume.next == ["t-0": 42, "t-1": 0])
    }

    @Test func shardGoesOnBehindItsLastSequenceNumber() throws {
        let last = EventSources.ShardSequenceNumber.text(99)
        let resume = ResumePositions(try marks(["shardId-0": last]), shards: ["shardId-0"], isOfKafka: false)
        #expect(resume.next == ["shardId-0": 100])
    }

    @Test(arguments: [
        ("9223372036854775807", true), ("99999999999999999999", true), ("42", false),
        ("49590338271490256608559692538361571095921575989136588898", false),
    ])
    func offsetsOfAnotherSourceAreForeign(_ last: String, _ isOfKafka: Bool) throws {
        let resume = ResumePositions(try marks(["a-0": last]), shards: ["a-0"], isOfKafka: isOfKafka)
        #expect(resume.foreign == ["a-0"] && resume.next.isEmpty)
    }
}
