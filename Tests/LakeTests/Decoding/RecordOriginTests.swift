import Columnar
import LambdaRuntime
import Testing

@testable import Lake

@Suite struct RecordOriginTests {
    /// A record that says what a test gives it.
    private struct Origin: RecordOrigin {
        var values: [ColumnSource: OriginValue] = [:]
        func value(of source: ColumnSource) -> OriginValue? { values[source] }
    }

    private static func column(
        _ name: String, _ type: ColumnType, _ source: ColumnSource?, required: Bool = false,
        _ format: TimeFormat = .iso8601
    ) -> ColumnDecoding {
        ColumnDecoding(
            field: Field(name: name, type: type, isRequired: required, id: 1), timeFormat: format, source: source)
    }

    private static func decode(
        _ columns: [ColumnDecoding], _ json: String, _ origin: Origin = Origin()
    ) throws(RecordError) -> RecordBatch {
        var decoder = RecordDecoder(columns)
        let batch = RecordBatch(columns.map(\.field))
        let text = Array(Base64View(copying: base64(Array(json.utf8))).encoded.copy)
        do throws(RecordError) {
            try decoder.decode(base64: text.span.bytes, of: origin, into: batch)
        } catch {
            #expect(batch.count == 0 && batch.columns.allSatisfy { $0.count == 0 })
            throw error
        }
        return batch
    }

    @Test func oneMemberFillsSeveralColumnsAndIsNoUnknownField() throws {
        let columns = [
            Self.column("b", .timestamp, .member("at")), Self.column("id", .long, nil),
            Self.column("day", .date, .member("at")), Self.column("at", .string, nil),
        ]
        let batch = try Self.decode(columns, #"{"at":"2026-11-20T10:15:30Z","id":9007199254740993}"#)
        #expect(batch.columns[0].value(0, as: Int64.self) == 1_795_169_730_000_000)
        #expect(batch.columns[1].value(0, as: Int64.self) == 9_007_199_254_740_993)
        #expect(batch.columns[2].value(0, as: Int32.self) == 20_777)
        #expect(batch.columns[3].string(0) == "2026-11-20T10:15:30Z")
    }

    @Test func membersOfOtherNamesAreReadAndTheColumnsNameIsNot() throws {
        let columns = [Self.column("a", .int, .member("b")), Self.column("b", .int, .member("a"))]
        var decoder = RecordDecoder(columns)
        let batch = RecordBatch(columns.map(\.field))
        try decoder.decode(json: Array(#"{"a":1,"b":2}"#.utf8).span.bytes, into: batch)
        #expect(batch.columns[0].value(0, as: Int32.self) == 2 && batch.columns[1].value(0, as: Int32.self) == 1)
        #expect(decoder.unknownFieldCount == 0)
    }

    @Test func everyPartOfARecordFillsAColumnOfItsType() throws {
        let origin = Origin(values: [
            .key: .base64(Base64View(copying: "QlRDL1VTRMOp")), .header("n"): .bytes(Array("-17".utf8)),
            .header("x"): .bytes([0xFF, 0]),
            .topic: .text(ByteView(copying: Array("trades".utf8))), .partition: .number(12),
            .offset: .number(.max), .timestamp: .timestamp(ms: 1_795_169_730_123),
        ])
        let columns = [
            Self.column("k", .string, .key), Self.column("kb", .binary, .key), Self.column("n", .string, .header("n")),
            Self.column("x", .binary, .header("x")), Self.column("topic", .string, .topic),
            Self.column("p", .int, .partition), Self.column("ps", .string, .partition),
            Self.column("o", .long, .offset), Self.column("os", .string, .offset),
            Self.column("at", .timestamp, .timestamp), Self.column("zoned", .timestamptz, .timestamp),
            Self.column("on", .date, .timestamp), Self.column("id", .int, nil),
        ]
        let batch = try Self.decode(columns, #"{"id":1,"k":5,"topic":{}}"#, origin)
        for (place, text) in [(0, "BTC/USDé"), (1, "BTC/USDé"), (2, "-17"), (4, "trades"), (6, "12")] {
            #expect(batch.columns[place].string(0) == text)
        }
        #expect(batch.columns[8].string(0) == "9223372036854775807")
        #expect(batch.columns[5].value(0, as: Int32.self) == 12)
        #expect(batch.columns[7].value(0, as: Int64.self) == .max)
        #expect(batch.columns[9].value(0, as: Int64.self) == 1_795_169_730_123_000)
        #expect(batch.columns[10].value(0, as: Int64.self) == 1_795_169_730_123_000)
        #expect(batch.columns[11].value(0, as: Int32.self) == 20_777)
        #expect(batch.columns[12].value(0, as: Int32.self) == 1)
        #expect(batch.columns.allSatisfy { !$0.isNull(0) })
    }

    @Test func whatARecordLacksIsNullUnlessItIsRequired() throws {
        let batch = try Self.decode([Self.column("k", .string, .key), Self.column("h", .string, .header("h"))], "{}")
        #expect(batch.columns[0].isNull(0) && batch.columns[1].isNull(0))
        let error = #expect(throws: RecordError.self) {
            try Self.decode([Self.column("h", .string, .header("h"), required: true)], "{}")
        }
        #expect(error?.code == .missingField && error?.field == "h")
        #expect(error?.reason.contains("@header:h") == true)
    }

    static let faults: [(ColumnType, OriginValue, RecordError.Code)] = [
        (.string, .bytes([0x41, 0xFF]), .badString), (.string, .base64(Base64View(copying: "QQ=")), .badBase64),
        (.binary, .base64(Base64View(copying: "Q*==")), .badBase64),
        (.int, .number(1 << 40), .outOfRange), (.boolean, .number(1), .wrongType), (.timestamp, .number(5), .wrongType),
        (.int, .bytes(Array("1".utf8)), .wrongType), (.string, .timestamp(ms: 0), .wrongType),
        (.timestamp, .timestamp(ms: .max), .outOfRange), (.date, .timestamp(ms: -62_135_596_800_001), .outOfRange),
        (.timestamp, .timestamp(ms: 253_402_300_800_000), .outOfRange),
    ]

    @Test(arguments: faults.indices) func whatDoesNotFitIsABadRecord(place: Int) {
        let (type, value, code) = Self.faults[place]
        let error = #expect(throws: RecordError.self) {
            try Self.decode(
                [Self.column("id", .int, nil), Self.column("a", type, .key)], #"{"id":1}"#,
                Origin(values: [.key: value]))
        }
        #expect(error?.code == code)
        #expect(error?.field == "a" && error?.offset == 0)
        #expect(error?.reason.hasPrefix("@key of the record") == true)
    }

    @Test func timesAtTheEndsOfTheCalendarFit() throws {
        for ms in [-62_135_596_800_000, 253_402_300_799_999] as [Int64] {
            let batch = try Self.decode(
                [Self.column("a", .timestamp, .timestamp)], "{}", Origin(values: [.timestamp: .timestamp(ms: ms)]))
            #expect(batch.columns[0].value(0, as: Int64.self) == ms * 1000)
        }
    }

    @Test func aBadMemberIsStillRefusedWhereItStands() {
        let error = #expect(throws: RecordError.self) {
            try Self.decode(
                [Self.column("a", .string, .key), Self.column("id", .int, nil)], #"{"id":"x"}"#,
                Origin(values: [.key: .bytes([0x41])]))
        }
        #expect(error?.code == .wrongType && error?.field == "id" && error?.offset == 6)
    }

    @Test func randomBytesNeverTrap() {
        var state: UInt64 = 3
        func random(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((state >> 33) % UInt64(bound))
        }
        let columns = ColumnType.allCases.map { Self.column("a", $0, .key) }
        var good = 0
        for round in 0..<20_000 {
            let bytes = (0..<random(4)).map { _ in UInt8(random(256)) }
            let batch = try? Self.decode(
                [columns[round % columns.count]], "{}", Origin(values: [.key: .bytes(bytes)]))
            if batch != nil { good += 1 }
        }
        #expect(good > 1_000)
    }
}

/// Bytes in base64.
private func base64(_ bytes: [UInt8]) -> String {
    let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    var text: [UInt8] = []
    for start in stride(from: 0, to: bytes.count, by: 3) {
        let part = bytes[start..<min(start + 3, bytes.count)]
        let word = part.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - part.count))
        for digit in 0..<4 {
            text.append(digit <= part.count ? digits[word >> (18 - 6 * digit) & 63] : UInt8(ascii: "="))
        }
    }
    return String(decoding: text, as: UTF8.self)
}
