import JSON
import Testing

@testable import Iceberg

@Suite struct TypeTests {
    @Test(arguments: [
        ("boolean", Type.boolean), ("int", .int), ("long", .long), ("float", .float), ("double", .double),
        ("date", .date), ("time", .time), ("timestamp", .timestamp), ("timestamptz", .timestamptz),
        ("string", .string), ("uuid", .uuid), ("binary", .binary), ("fixed[16]", .fixed(length: 16)),
        ("decimal(9,2)", .decimal(precision: 9, scale: 2)),
    ])
    func primitiveTypesGoByTheirNames(name: String, type: Type) throws {
        #expect(try Type(named: name) == type)
        #expect(type.name == name)
    }

    @Test func aSpaceInADecimalIsRead() throws {
        #expect(try Type(named: "decimal(38, 10)") == .decimal(precision: 38, scale: 10))
    }

    @Test(arguments: [
        "", "integer", "decimal(0,0)", "decimal(39,1)", "decimal(3,4)", "decimal(3)", "fixed[-1]", "fixed[x]",
    ])
    func otherNamesAreMalformed(name: String) {
        #expect { try Type(named: name) } throws: { ($0 as? IcebergError)?.code == .malformed }
    }

    @Test(arguments: ["timestamp_ns", "variant", "geometry(srid)", "unknown"])
    func typesOfVersion3AreUnsupported(name: String) {
        #expect { try Type(named: name) } throws: { ($0 as? IcebergError)?.code == .unsupported }
    }
}

@Suite struct SchemaTests {
    static let nested = #"""
        {"type":"struct","schema-id":3,"identifier-field-ids":[1],"fields":[{"id":1,"name":"id","required":true,"type":"long","doc":"é \"x\""},{"id":2,"name":"l","required":false,"type":{"type":"list","element-id":3,"element":{"type":"struct","fields":[{"id":4,"name":"x","required":false,"type":"int"}]},"element-required":true}},{"id":5,"name":"m","required":false,"type":{"type":"map","key-id":6,"key":"string","value-id":7,"value":{"type":"list","element-id":8,"element":"double","element-required":false},"value-required":false}}]}
        """#

    @Test func nestedTypesComeBackByteByByte() throws {
        let schema = try Schema(parsing: Array(Self.nested.utf8))
        #expect(String(decoding: schema.serialized(), as: UTF8.self) == Self.nested)
        #expect(schema.allFieldIDs == [1, 2, 3, 4, 5, 6, 7, 8])
        #expect(schema.identifierFieldIDs == [1])
        #expect(schema.fields[0].doc == "é \"x\"")
    }

    @Test(arguments: [
        #"{"fields":[{"id":1,"name":"a","type":"int"}]}"#, #"{"fields":[{"id":1,"name":"a","required":true}]}"#,
        #"{"fields":[{"id":1,"required":true,"type":"int"}]}"#,
        #"{"fields":[{"name":"a","required":true,"type":"int"}]}"#,
        #"{"fields":{}}"#, #"{}"#, #"[]"#,
        #"{"fields":[{"id":1,"name":"a","required":false,"type":"int"},{"id":1,"name":"b","required":false,"type":"int"}]}"#,
    ])
    func whatBreaksTheSpecIsMalformed(text: String) {
        #expect { try Schema(parsing: Array(text.utf8)) } throws: { ($0 as? IcebergError)?.code == .malformed }
    }

    @Test func defaultsOfVersion3AreUnsupported() throws {
        let text = #"{"fields":[{"id":1,"name":"a","required":false,"type":"int","initial-default":DEFAULT}]}"#
        let given = text.replacing("DEFAULT", with: "5")
        #expect { try Schema(parsing: Array(given.utf8)) } throws: { ($0 as? IcebergError)?.code == .unsupported }
        #expect(try Schema(parsing: Array(text.replacing("DEFAULT", with: "null").utf8)).fields.count == 1)
    }

    @Test func columnsThatAreNotWrittenAreNamed() throws {
        let schema = try Schema(parsing: Array(Self.nested.utf8))
        #expect { try schema.columns() } throws: {
            ($0 as? IcebergError)?.code == .unsupported && ($0 as? IcebergError)?.context == ["l"]
        }
        let flat = Schema(schemaID: 0, fields: [schema.fields[0]])
        let columns = try flat.columns()
        #expect(columns.map(\.name) == ["id"])
        #expect(columns[0].type == .long && columns[0].id == 1 && columns[0].isRequired)
    }

    @Test func fieldsInsideStructsAreFound() {
        let inner = NestedField(id: 2, name: "x", type: .int)
        let schema = Schema(schemaID: 0, fields: [NestedField(id: 1, name: "s", type: .struct([inner]))])
        #expect(schema.nestedField(id: 2) == inner)
        #expect(schema.nestedField(id: 3) == nil)
    }
}
