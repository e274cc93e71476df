import Iceberg
@testable import Lake
import LambdaRuntime
import Testing

@Suite("DeadLetterQueue")
struct DeadLetterQueueTests {
    /// Letters of these sequence numbers of one shard, each a record of the event.
    static func letters(_ numbers: some Sequence<Int>, arrivalMs: Int64 = 1_000_000) throws -> [DeadLetter] {
        try numbers.flatMap { number in
            try KinesisEvent(EventBuffer(TemporaryLake.event(["bad"], first: number, arrivalMs: arrivalMs))).records
        }.map { record in
            DeadLetter(
                shard: record.shardID.string, record: record, error: RecordError(.badJSON, at: 0, "expected a value"))
        }
    }

    static func commit(_ letters: [DeadLetter], _ lake: TemporaryLake) throws -> Int {
        try DeadLetterQueue(lake: lake.lake, stream: lake.lake.definition.streams[0], source: TemporaryLake.stream)
            .commit(letters, nowMs: TemporaryLake.nowMs, deadlineMs: .max)
    }

    @Test func aLetterBelowTheWatermarkThatNeverCameIsWritten() throws {
        let lake = try TemporaryLake()
        #expect(try Self.commit(Self.letters([150]), lake) == 1)
        // The stream is read from an earlier place: these records are older, and none of them is there.
        #expect(try Self.commit(Self.letters([50, 60, 150]), lake) == 2)
        #expect(try Self.commit(Self.letters([50, 60, 150]), lake) == 0)
        #expect(try lake.rows("lake_db.dead_letters") == 3)
    }

    @Test func manyLettersOfABatchAreWrittenOnceHoweverItIsCutAgain() throws {
        let lake = try TemporaryLake()
        #expect(try Self.commit(Self.letters(1...1_500), lake) == 1_500)
        #expect(try Self.commit(Self.letters(1...700), lake) == 0)
        #expect(try Self.commit(Self.letters(500...1_600), lake) == 100)
        #expect(try lake.rows("lake_db.dead_letters") == 1_600)
    }

    @Test func aRecordThatTurnsBadAfterItsTableWasMadeAnewIsWritten() throws {
        let lake = try TemporaryLake()
        let event = TemporaryLake.event(["{\"id\":1,\"name\":\"one\"}", "no", "{\"id\":2,\"name\":\"two\"}"])
        #expect(try lake.ingest(event) == nil)
        #expect(try lake.rows() == 2 && lake.rows("lake_db.dead_letters") == 1)
        // Another lake's catalog forgets the table of rows; the one of letters stays. Now names must be numbers.
        var other = try lake.otherFunction { text in
            text.replacing("sensors_db.readings", with: "sensors_db.readings2")
                .replacing("\"name\":\"name\",\"type\":\"string\"", with: "\"name\":\"name\",\"type\":\"long\"")
        }
        let context = TemporaryLake.context(nowMs: TemporaryLake.nowMs)
        _ = try other.handle(KinesisEvent(EventBuffer(event)), context)
        #expect(try lake.rows("lake_db.dead_letters") == 4)
    }
}
