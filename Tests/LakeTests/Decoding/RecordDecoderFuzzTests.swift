import Columnar
import JSON
import Testing

@testable import Lake

@Suite struct RecordDecoderFuzzTests {
    /// Every type once, so that a mutated record reaches every conversion.
    private let columns = ColumnType.allCases.map {
        ColumnDecoding(
            field: Field(name: $0.rawValue, type: $0, id: 1), timeFormat: $0 == .timestamptz ? .epochSeconds : .iso8601)
    }

    private let seeds = [
        #"{"boolean":true,"int":21,"long":-9223372036854775808,"float":1.5e-3,"double":12.34,"date":"2024-02-29","#
            + #""timestamp":"2026-11-20T10:15:30.123456+01:00","timestamptz":1480641523.477,"string":"é😀","binary":"Zm9v"}"#,
        #"{"string":"\ud83d\ude00\n","x":[1,{"y":[]}],"int":1e3,"double":0.30000000000000004, "string" : null}"#,
    ].map { Array($0.utf8) }

    @Test func mutatedRecordsNeverTrapAndAreRefusedAsTheGeneralReaderDoes() {
        var decoder = RecordDecoder(columns)
        let batch = RecordBatch(columns.map(\.field))
        var state: UInt64 = 11
        func random(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((state >> 33) % UInt64(bound))
        }
        let alphabet = Array("{}[]:,\"\\u0123456789eE+-.tfnZT \u{1}".utf8) + [0xFF, 0xC3, 0x80, 0]
        for round in 0..<20_000 {
            var text = seeds[round & 1]
            for _ in 0...random(3) where !text.isEmpty {
                let place = random(text.count)
                switch random(5) {
                case 0, 1: text[place] = alphabet[random(alphabet.count)]
                case 2: text.insert(alphabet[random(alphabet.count)], at: place)
                case 3: text.remove(at: place)
                default: text = Array(text[..<place])
                }
            }
            let rows = batch.count
            var code: RecordError.Code?
            do throws(RecordError) {
                try decoder.decode(json: text.span.bytes, into: batch)
            } catch {
                code = error.code
                #expect((0...text.count).contains(error.offset))
            }
            #expect(batch.columns.allSatisfy { $0.count == batch.count })
            #expect(batch.count == rows + (code == nil ? 1 : 0))
            let value = try? JSONValue(parsing: text)
            // What starts with a zero passes for a frame of a schema registry.
            let isNoJSON = code == .badJSON || code == .unsupportedPayload
            #expect(isNoJSON == (value == nil), "\(String(decoding: text, as: UTF8.self))")
            #expect((code == .notAnObject) == (value != nil && value?.members == nil))
        }
        #expect(batch.count > 1_000)
    }

    @Test func everyTruncationIsRefused() {
        for seed in seeds {
            for length in 0..<seed.count {
                let text = String(decoding: seed[..<length], as: UTF8.self)
                #expect(throws: RecordError.self) { try decode(columns, text) }
            }
        }
    }
}
