import Columnar
import Testing

@testable import Lake

/// Decodes one record, and says what the batch's only row or the error is.
func decode(_ columns: [ColumnDecoding], _ record: String) throws(RecordError) -> RecordBatch {
    var decoder = RecordDecoder(columns)
    let batch = RecordBatch(columns.map(\.field))
    let bytes = Array(record.utf8)
    try decoder.decode(json: bytes.span.bytes, into: batch)
    return batch
}

func column(_ type: ColumnType, required: Bool = false, _ format: TimeFormat = .iso8601) -> ColumnDecoding {
    ColumnDecoding(field: Field(name: "a", type: type, isRequired: required, id: 1), timeFormat: format)
}

/// The error of a record whose member `a` has this value.
func fault(_ decoding: ColumnDecoding, _ value: String) -> RecordError? {
    do throws(RecordError) {
        _ = try decode([decoding], "{\"a\":\(value)}")
        return nil
    } catch {
        return error
    }
}

@Suite struct RecordDecoderTests {
    private let columns = [
        ColumnDecoding(field: Field(name: "id", type: .int, isRequired: true, id: 1)),
        ColumnDecoding(field: Field(name: "cpu", type: .double, id: 2)),
        ColumnDecoding(field: Field(name: "name", type: .string, id: 3)),
        ColumnDecoding(field: Field(name: "at", type: .timestamp, id: 4)),
    ]

    @Test func readsMembersInAnyOrderAndSkipsUnknownOnes() throws {
        var decoder = RecordDecoder(columns)
        let batch = RecordBatch(columns.map(\.field))
        let records = [
            #"{"id":1,"cpu":0.1,"name":"a","at":"1970-01-01T00:00:01Z"}"#,
            #" { "at" : "1970-01-01 00:00:02" , "name" : "b\u00e9😀", "id":2 , "x":[1,{"id":9}], "cpu":2 } "#,
            #"{"id":3}"#, #"{"cpu":null,"id":4,"id ":5,"nam":"","":{},"name":null}"#,
            #"{"\u0069d":5,"id":6,"n\u0061me":"x"}"#,
        ]
        for record in records { try decoder.decode(json: Array(record.utf8).span.bytes, into: batch) }
        #expect(batch.count == 5)
        #expect((0..<5).map { batch.columns[0].value($0, as: Int32.self) } == [1, 2, 3, 4, 6])
        #expect((0..<5).map { batch.columns[1].isNull($0) } == [false, false, true, true, true])
        #expect((0..<5).map { batch.columns[2].string($0) } == ["a", "bé😀", "", "", "x"])
        #expect(batch.columns[3].value(1, as: Int64.self) == 2_000_000)
        #expect(decoder.unknownFieldCount == 4)
    }

    @Test func ofTwoMembersWithOneNameTheLastHolds() throws {
        #expect(try decode([column(.int)], #"{"a":1,"a":2}"#).columns[0].value(0, as: Int32.self) == 2)
        #expect(try decode([column(.int)], #"{"a":"no","a":2}"#).columns[0].value(0, as: Int32.self) == 2)
        #expect(try decode([column(.int)], #"{"a":1,"a":null}"#).columns[0].isNull(0))
    }

    @Test(arguments: [
        ("", RecordError.Code.badJSON, 0), ("[]", .notAnObject, 0), (" 1", .notAnObject, 1), ("null", .notAnObject, 0),
        ("{}{}", .badJSON, 2), ("{} x", .badJSON, 3), ("\u{FEFF}{}", .badJSON, 0), ("{\"id\":1", .badJSON, 7),
        ("{\"id\":01}", .badJSON, 6), ("{\"id\":1,}", .badJSON, 8), ("{\"id\":NaN}", .badJSON, 6),
        ("{\"x\":[1,]}", .badJSON, 8), ("{\"id\":1}\u{0}", .badJSON, 8), ("{\"cpu\":1}", .missingField, 9),
        ("{\"id\":null}", .missingField, 6), ("{\"id\":1,\"cpu\":\"1\"}", .wrongType, 14),
        ("{\"id\":1,\"name\":1}", .wrongType, 15), ("{\"id\":1,\"at\":\"x\"}", .badTimestamp, 13),
        ("{\"id\":3000000000}", .outOfRange, 6), ("{\"id\":1,\"cpu\":1e400}", .outOfRange, 14),
        ("{\"id\":1,\"name\":\"\\ud800\"}", .badJSON, 16), ("{\"id\":true}", .wrongType, 6),
        ("{\"id\":1,\"name\":{}}", .wrongType, 15),
    ])
    func aBadRecordSaysWhatAndWhereAndLeavesTheBatchAsItWas(_ record: String, _ code: RecordError.Code, _ offset: Int)
        throws
    {
        var decoder = RecordDecoder(columns)
        let batch = RecordBatch(columns.map(\.field))
        let good = Array(#"{"id":1,"cpu":0.5,"name":"n","at":"2026-01-01 00:00:00","more":1}"#.utf8)
        try decoder.decode(json: good.span.bytes, into: batch)
        let bytes = Array(record.utf8)
        do throws(RecordError) {
            try decoder.decode(json: bytes.span.bytes, into: batch)
            Issue.record("\(record) became a row")
        } catch {
            #expect(error.code == code)
            #expect(error.offset == offset)
        }
        #expect(batch.count == 1)
        #expect(batch.columns.allSatisfy { $0.count == 1 && $0.nullCount == 0 })
        #expect(decoder.unknownFieldCount == 1)
        try decoder.decode(json: good.span.bytes, into: batch)
        #expect(batch.count == 2)
    }

    @Test func errorsNameTheFieldAndQuoteNothing() {
        let error = fault(column(.int), "\"secret\"")
        #expect(error?.field == "a")
        #expect(error?.description == "field a: expected a whole number (wrongType at byte 5)")
        for value in ["\"secret\"", "[\"secret\"]", "{\"secret\":1}", "\"secret\\q\""] {
            for type in ColumnType.allCases where type != .string {
                #expect(fault(column(type), value)?.description.contains("secret") == false)
            }
        }
    }

    @Test func decodesBase64() throws {
        var decoder = RecordDecoder([column(.int)])
        let batch = RecordBatch([column(.int).field])
        try decoder.decode(base64: Array("eyJhIjoxfQ==".utf8).span.bytes, into: batch)
        #expect(batch.columns[0].value(0, as: Int32.self) == 1)
        for text in ["eyJhIjoxfQ=", "eyJhIjoxfQ= ", "e", "eyJh*joxfQ=="] {
            do throws(RecordError) {
                try decoder.decode(base64: Array(text.utf8).span.bytes, into: batch)
                Issue.record("\(text) was decoded")
            } catch {
                #expect(error.code == .badBase64)
            }
        }
        #expect(batch.count == 1)
    }

    @Test(arguments: ["1", "1.0", "1e0", "10e-1", "0.1e1", "1.00000000000000000000000000000"])
    func integersMayBeWrittenAnyWayThatIsWhole(_ text: String) throws {
        #expect(try decode([column(.int)], "{\"a\":\(text)}").columns[0].value(0, as: Int32.self) == 1)
        #expect(try decode([column(.long)], "{\"a\":-\(text)}").columns[0].value(0, as: Int64.self) == -1)
    }

    @Test func integersAreExactToTheirLastBit() throws {
        func long(_ text: String) throws -> Int64 { try decode([column(.long)], "{\"a\":\(text)}").columns[0].value(0) }
        #expect(try long("9223372036854775807") == .max)
        #expect(try long("-9223372036854775808") == .min)
        #expect(try long("9007199254740993") == 9_007_199_254_740_993)
        #expect(fault(column(.long), "9223372036854775808")?.code == .outOfRange)
        #expect(fault(column(.long), "1e19")?.code == .outOfRange)
        #expect(fault(column(.int), "2147483647") == nil)
        #expect(fault(column(.int), "2147483648")?.code == .outOfRange)
        #expect(fault(column(.int), "-2147483649")?.code == .outOfRange)
        #expect(fault(column(.int), "1.5")?.code == .wrongType)
        #expect(fault(column(.int), "99999999999.5")?.code == .wrongType)
    }

    @Test func binaryComesFromBase64() throws {
        let batch = try decode([column(.binary)], #"{"a":"\u005am9v"}"#)
        #expect(batch.columns[0].string(0) == "foo")
        #expect(fault(column(.binary), "\"Zm9\"")?.code == .badString)
        #expect(fault(column(.binary), "\"Zm9\"")?.offset == 5)
        #expect(fault(column(.binary), "1")?.code == .wrongType)
    }

    @Test func manyColumnsInAnyOrderFindTheirValues() throws {
        let columns = (0..<300).map {
            ColumnDecoding(field: Field(name: "column \($0)", type: .int, id: Int32($0)))
        }
        var decoder = RecordDecoder(columns)
        let batch = RecordBatch(columns.map(\.field))
        for turn in 0..<3 {
            let members = (0..<300).map { "\"column \(($0 * 7 + turn) % 300)\":\(($0 * 7 + turn) % 300)" }
            try decoder.decode(json: Array("{\(members.joined(separator: ","))}".utf8).span.bytes, into: batch)
        }
        for (index, column) in batch.columns.enumerated() {
            for row in 0..<3 { #expect(column.value(row, as: Int32.self) == Int32(index)) }
        }
    }

    @Test func longKeysAndRecordsOfAnyLengthAreRead() throws {
        let name = String(repeating: "k", count: 500)
        let decoding = ColumnDecoding(field: Field(name: name, type: .string, id: 1))
        var decoder = RecordDecoder([decoding])
        let batch = RecordBatch([decoding.field])
        for length in [0, 1, 7, 8, 63, 64, 65, 4_000, 100_000, 3] {
            let value = String(repeating: "v", count: length)
            try decoder.decode(json: Array("{\"\(name)\":\"\(value)\"}".utf8).span.bytes, into: batch)
            #expect(batch.columns[0].string(batch.count - 1) == value)
        }
    }

    @Test func refusesDeepNesting() {
        let deep = String(repeating: "[", count: 100_000)
        #expect(fault(column(.int), deep)?.code == .badJSON)
        #expect(fault(column(.int), "1,\"b\":" + deep)?.code == .badJSON)
    }
}
