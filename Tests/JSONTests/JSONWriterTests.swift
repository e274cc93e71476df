import Testing

@testable import JSON

@Suite struct JSONWriterTests {
    @Test func escapesEveryControlByteAndNothingElse() throws {
        for scalar in (0..<0x100).compactMap({ Unicode.Scalar($0 as UInt32) }) + ["\u{2028}", "😀"] {
            let text = "a" + String(Character(scalar)) + "b"
            var writer = JSONWriter()
            writer.string(text)
            #expect(!writer.bytes.contains { $0 < 0x20 })
            #expect(try JSONValue(parsing: writer.bytes) == .string(text))
        }
        var writer = JSONWriter()
        writer.string("\u{0}\u{1F}\"\\\n\r\t/")
        #expect(writer.text == #""\u0000\u001f\"\\\n\r\t/""#)
    }

    @Test func writesContainersCompactAndIndented() {
        func write(_ indentation: Int?) -> String {
            var writer = JSONWriter(indentation: indentation)
            writer.object { writer in
                writer.member("rows", 3)
                writer.member("ratio", 0.1)
                writer.member("none", Double.nan)
                writer.member("list") { writer in
                    writer.array {
                        $0.string("a"); $0.bool(true); $0.null()
                    }
                }
                writer.member("empty", JSONValue.object([]))
            }
            return writer.text
        }
        #expect(write(nil) == #"{"rows":3,"ratio":0.1,"none":null,"list":["a",true,null],"empty":{}}"#)
        #expect(
            write(2) == """
                {
                  "rows": 3,
                  "ratio": 0.1,
                  "none": null,
                  "list": [
                    "a",
                    true,
                    null
                  ],
                  "empty": {}
                }
                """)
    }

    @Test func keepsNumbersAsTheyWereWritten() throws {
        let text = Array(#"{"a":1.50,"b":[1e5,-0,123456789012345678901234567890]}"#.utf8)
        #expect(try JSONValue(parsing: text).serialized() == text)
    }

    @Test(arguments: [0.1, -0.0, 1e300, .leastNonzeroMagnitude, 123456789.125, 1e16, 1e-7, .greatestFiniteMagnitude])
    func doublesReadBackAsTheyWere(_ value: Double) throws {
        var writer = JSONWriter()
        writer.double(value)
        var reader = JSONReader(writer.bytes.span.bytes)
        #expect(try reader.double(reader.next()).bitPattern == value.bitPattern)
    }

    @Test func escapesAtEveryPlaceOfEveryLength() throws {
        for length in 0...40 {
            let plain = [UInt8](repeating: UInt8(ascii: "x"), count: length)
            for place in 0..<length {
                for (unit, escaped): (UInt8, String) in [
                    (0x22, "\\\""), (0x5C, "\\\\"), (0x0A, "\\n"), (0x1F, "\\u001f"), (0x20, " "), (0x7F, "\u{7F}"),
                ] {
                    var units = plain
                    units[place] = unit
                    var writer = JSONWriter()
                    writer.string(String(decoding: units, as: UTF8.self))
                    let sides = (
                        String(repeating: "x", count: place), String(repeating: "x", count: length - place - 1)
                    )
                    #expect(writer.text == "\"" + sides.0 + escaped + sides.1 + "\"")
                }
            }
        }
    }

    @Test func keepsTextBeyondASCII() {
        var writer = JSONWriter()
        writer.string("é\"\u{10FFFF}\u{80}ab\"日本語日本語")
        #expect(writer.text == "\"é\\\"\u{10FFFF}\u{80}ab\\\"日本語日本語\"")
    }

    @Test func writesWholeNumbersOfEveryWidth() {
        var writer = JSONWriter()
        writer.array { writer in
            for value in [0, 7, -1, 10, Int64.max, .min] { writer.integer(value) }
            writer.integer(UInt64.max)
            writer.integer(UInt8(200))
            writer.integer(Int128.min)
        }
        #expect(
            writer.text == "[0,7,-1,10,9223372036854775807,-9223372036854775808,18446744073709551615,200,"
                + "-170141183460469231731687303715884105728]")
    }

    @Test func startsAgainAfterRemoval() {
        var writer = JSONWriter()
        writer.array { $0.integer(1) }
        writer.removeAll()
        writer.array { $0.integer(2) }
        #expect(writer.text == "[2]")
    }
}
