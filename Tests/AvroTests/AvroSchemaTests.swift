import Testing

@testable import Avro

@Suite struct AvroSchemaTests {
    @Test func theCacheGivesEachTextItsOwnSchema() throws {
        var cache = AvroSchemaCache()
        for _ in 0..<3 {
            for size in 1...12 {
                let text = Array(#"{"type":"fixed","name":"f","size":\#(size)}"#.utf8)
                #expect(try cache.schema(parsing: text) == .fixed(size: size))
            }
        }
        #expect(throws: AvroError.self) { try cache.schema(parsing: [1]) }
        #expect(throws: AvroError.self) { try cache.schema(parsing: [1]) }
    }

    private func parse(_ text: String) throws -> AvroSchema { try AvroSchema(parsing: Array(text.utf8)) }

    @Test func fieldsKeepTheirIDsAndLogicalTypes() throws {
        let schema = try parse(
            #"""
            {"type":"record","name":"r","fields":[
             {"name":"d","type":["null",{"type":"int","logicalType":"date"}],"default":null,"field-id":1000},
             {"name":"a","type":{"type":"array","items":"long","element-id":133},"field-id":132},
             {"name":"z","type":{"type":"long","logicalType":"timestamp-micros","adjust-to-utc":true}}]}
            """#)
        guard case .record(let record) = schema else { return #expect(Bool(false), "not a record") }
        #expect(record.fields.map(\.id) == [1000, 132, nil])
        #expect(record.fields[0].type == .union([.null, .logical(.date, .int)]))
        #expect(record.fields[1].type == .array(.long, elementID: 133))
        #expect(record.fields[2].type == .logical(.timestampMicros(adjustToUTC: true), .long))
    }

    @Test func namedTypesAreFoundByTheirFullNames() throws {
        let schema = try parse(
            #"""
            {"type":"record","name":"r","namespace":"a.b","fields":[
             {"name":"f","type":{"type":"fixed","name":"four","size":4}},
             {"name":"g","type":"four"},{"name":"h","type":"a.b.four"}]}
            """#)
        guard case .record(let record) = schema else { return #expect(Bool(false), "not a record") }
        #expect(record.fields.map(\.type) == Array(repeating: .fixed(size: 4), count: 3))
    }

    @Test(arguments: [
        "", "1", "{", "{}", #""unheard-of""#, #"{"type":"record","name":"r"}"#,
        #"{"type":"record","name":"r","fields":[{"name":"x"}]}"#, #"{"type":"fixed","name":"f","size":-1}"#,
        #"{"type":"array"}"#, #"{"type":"map"}"#, #"{"type":"enum","name":"e","symbols":[]}"#,
        #"{"type":"bytes","logicalType":"decimal","precision":99,"scale":0}"#,
    ])
    func whatIsNoSchemaIsRefused(text: String) {
        #expect(throws: AvroError.self) { try parse(text) }
    }

    @Test func aTypeThatHoldsItselfIsRefused() {
        #expect(throws: AvroError.self) {
            try parse(#"{"type":"record","name":"r","fields":[{"name":"next","type":["null","r"]}]}"#)
        }
    }

    @Test func depthIsLimited() {
        let text =
            String(repeating: #"{"type":"array","items":"#, count: 65) + #""int""# + String(repeating: "}", count: 65)
        #expect(throws: AvroError.self) { try parse(text) }
    }

    @Test func doublingByNamesIsLimited() {
        var fields = #"{"name":"f0","type":{"type":"record","name":"r0","fields":[]}}"#
        for level in 1..<40 {
            let previous = "r\(level - 1)"
            fields += #",{"name":"f\#(level)","type":{"type":"record","name":"r\#(level)","fields":["#
            fields += #"{"name":"a","type":"\#(previous)"},{"name":"b","type":"\#(previous)"}]}}"#
        }
        #expect(throws: AvroError.self) { try parse(#"{"type":"record","name":"r","fields":[\#(fields)]}"#) }
    }
}
