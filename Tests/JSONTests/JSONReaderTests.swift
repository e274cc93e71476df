import TestSupport
import Testing

@testable import JSON

/// Whether a text is one JSON value.
func accepts(_ text: [UInt8]) -> Bool { fault(text) == nil }

/// Why a text is refused, if it is.
func fault(_ text: [UInt8]) -> JSONError? {
    var reader = JSONReader(text.span.bytes)
    do throws(JSONError) {
        try reader.skip()
        try reader.end()
        return nil
    } catch {
        return error
    }
}

@Suite struct JSONReaderTests {
    @Test(arguments: [
        "0", "-0", "1.5e+10", "1E-2", "123456789012345678901234567890", "1e999999999999999999999", "true", "false",
        "null",
        " \t\r\n[ ] ", "{}", #"{"a":1,"a":2}"#, #"{"":[{},[],""]}"#, #""\"\\\/\b\f\n\r\té😀""#, "\"\u{7F}\u{2028}\"",
    ])
    func acceptsWhatRFC8259Allows(_ text: String) { #expect(fault(Array(text.utf8)) == nil) }

    @Test(arguments: [
        ("", JSONError.Code.truncated, 0), (" ", .truncated, 1), ("[", .truncated, 1), ("[1", .truncated, 2),
        ("{\"a\"", .truncated, 4), ("{\"a\":", .truncated, 5), ("\"abc", .truncated, 4),
        ("\"abcdefghijk", .truncated, 12),
        ("\"\\", .truncated, 2), ("\"\\u12", .truncated, 5), ("tru", .truncated, 3), ("[1,]", .unexpectedByte, 3),
        ("[,1]", .unexpectedByte, 1), ("{\"a\":1,}", .unexpectedByte, 7), ("{a:1}", .unexpectedByte, 1),
        ("{\"a\" 1}", .unexpectedByte, 5), ("[1 2]", .unexpectedByte, 3), ("[1}", .unexpectedByte, 2),
        ("NaN", .unexpectedByte, 0), ("Infinity", .unexpectedByte, 0), ("-Infinity", .badNumber, 1),
        ("'a'", .unexpectedByte, 0), ("trux", .unexpectedByte, 3), ("+1", .unexpectedByte, 0), ("01", .badNumber, 0),
        ("-", .badNumber, 1), ("1.", .badNumber, 2), (".5", .unexpectedByte, 0), ("1e", .badNumber, 2),
        ("1e+", .badNumber, 3), ("1 2", .trailingBytes, 2), ("1a", .trailingBytes, 1), ("\"\n\"", .badString, 1),
        ("\"abcdefgh\u{1}\"", .badString, 9), ("\"\\x\"", .badString, 2), ("\"\\u12G4\"", .badString, 5),
        ("\"\\uD800\"", .badString, 1), ("\"\\uD800\\u0041\"", .badString, 1), ("\"\\uDC00\"", .badString, 1),
        ("\u{FEFF}1", .unexpectedByte, 0),
    ])
    func refusesAllElseAndSaysWhere(_ text: String, _ code: JSONError.Code, _ offset: Int) {
        let error = fault(Array(text.utf8))
        #expect(error?.code == code)
        #expect(error?.offset == offset)
    }

    @Test(
        arguments: [
            [0xFF], [0xC0, 0x80], [0xE0, 0x80, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xC3], [0x80],
            [0xF0, 0x9F, 0x98],
        ] as [[UInt8]])
    func refusesInvalidUTF8InSkippedStringsAndKeys(_ bytes: [UInt8]) {
        for pad in 0..<10 {
            let text =
                [UInt8(ascii: "\"")] + Array(repeating: UInt8(ascii: "a"), count: pad) + bytes + [UInt8(ascii: "\"")]
            #expect(fault(text)?.code == .badString)
            #expect(fault(text)?.offset == pad + 1)
            #expect(fault([UInt8(ascii: "{")] + text + Array(":1}".utf8))?.code == .badString)
        }
    }

    @Test func findsStopsAtEveryPlaceInAWord() throws {
        for length in 0..<40 {
            let body = String(repeating: "é", count: length / 2) + String(repeating: "a", count: length & 1)
            for tail in ["", #"\n"#, #"\u00e9"#, "é"] {
                let text = Array("\"\(body)\(tail)\" ".utf8)
                var reader = JSONReader(text.span.bytes)
                let expected = body + (tail.hasPrefix("\\n") ? "\n" : tail.hasPrefix("\\u") ? "é" : tail)
                let token = try reader.next(.string)
                #expect(try reader.string(token) == expected)
                #expect(token.hasEscapes == tail.hasPrefix("\\"))
                #expect(token.isASCII == (length < 2 && tail != "é"))
            }
        }
    }

    @Test func unescapesEveryEscape() throws {
        let text = Array(#""\"\\\/\b\f\n\r\t\u0000\u007f\u07FF\uFFFF\uD83D\uDE00""#.utf8)
        var reader = JSONReader(text.span.bytes)
        let token = try reader.next()
        let expected = "\"\\/\u{8}\u{C}\n\r\t\u{0}\u{7F}\u{7FF}\u{FFFF}😀"
        #expect(try reader.string(token) == expected)
        var units: [UInt8] = []
        try reader.unescape(token) { units.append($0) }
        #expect(units == Array(expected.utf8))
        #expect(reader.equals(token, "x") == false)
    }

    @Test func comparesKeysUnescaped() throws {
        let text = Array(#"{"n\u0061me":1,"name":2,"nam":3}"#.utf8)
        var reader = JSONReader(text.span.bytes)
        try reader.beginObject()
        var found: [Bool] = []
        while let key = try reader.nextKey() {
            found.append(reader.equals(key, "name"))
            try reader.skip()
        }
        #expect(found == [true, true, false])
    }

    @Test func readsPartOfATextAgain() throws {
        let text = Array(#"{"a":[1,"b"],"c":"d"}"#.utf8)
        var reader = JSONReader(text.span.bytes)
        try reader.beginObject()
        _ = try reader.nextKey()
        let array = try reader.next()
        var inner = JSONReader(text.span.bytes, at: array)
        #expect(try JSONValue(reading: &inner) == .array([.number("1"), .string("b")]))
        _ = try reader.nextKey()
        let string = try reader.next()
        var again = JSONReader(text.span.bytes, at: string)
        #expect(try again.next() == string)
    }

    @Test func refusesNestingPastTheLimitWithoutRecursion() {
        let limit = JSONReader.maximumDepth
        for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
            let fits =
                String(repeating: open, count: limit) + (open == "[" ? "" : "1")
                + String(repeating: close, count: limit)
            #expect(fault(Array(fits.utf8)) == nil)
            #expect(fault(Array(String(repeating: open, count: limit + 1).utf8))?.code == .tooDeep)
            #expect(fault(Array(String(repeating: open, count: 100_000).utf8))?.code == .tooDeep)
        }
    }

    @Test func neverTrapsAndAgreesWithTheTreeOnMutatedTexts() {
        let seeds = [
            #"{"temperature":21,"cpu":12.34,"t":"2026-11-20 10:15:30.123456","n":null,"b":[true,false,{"x":-0.5e-3}]}"#,
            #"["é😀","\ud83d\ude00\n\"",{"":{}},[[[]]],123456789012345678901234567890,1e400]"#,
        ].map { Array($0.utf8) }
        var chance = SeededGenerator(seed: 7)
        let alphabet = Array("{}[]:,\"\\u0123eE+-.tfn \u{1}\u{FF}".utf8) + [0xFF, 0xC3, 0x80, 0]
        for round in 0..<20_000 {
            var text = seeds[round & 1]
            for _ in 0...Int.random(in: 0..<3, using: &chance) where !text.isEmpty {
                let place = Int.random(in: 0..<text.count, using: &chance)
                switch Int.random(in: 0..<4, using: &chance) {
                case 0: text[place] = alphabet.randomElement(using: &chance) ?? 0
                case 1: text.insert(alphabet.randomElement(using: &chance) ?? 0, at: place)
                case 2: text.remove(at: place)
                default: text = Array(text[..<max(1, place)])
                }
            }
            let tree = try? JSONValue(parsing: text)
            #expect(accepts(text) == (tree != nil), "\(text)")
            if let error = fault(text) { #expect((0...text.count).contains(error.offset)) }
            if let tree { #expect((try? JSONValue(parsing: tree.serialized())) == tree) }
        }
    }
}
