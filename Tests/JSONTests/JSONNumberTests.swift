import TestSupport
import Testing

@testable import JSON

@Suite struct JSONNumberTests {
    private func number(_ text: String) -> JSONNumber? {
        Array(text.utf8).withUnsafeBytes { JSONNumber(parsing: $0) }
    }

    private func double(_ text: String) throws -> Double {
        let bytes = Array(text.utf8)
        var reader = JSONReader(bytes.span.bytes)
        return try reader.double(reader.next())
    }

    @Test(
        arguments: [
            ("0", 0), ("-0", 0), ("-0.0", 0), ("0e999999999999", 0), ("21", 21), ("1.0", 1), ("1e3", 1000),
            ("1.5e1", 15),
            ("1000e-3", 1), ("9223372036854775807", .max), ("-9223372036854775808", .min),
            ("9223372036854775807.000000000000000000000000", .max), ("0.0000000000000000000000001e25", 1),
            ("100000000000000000000000000000e-29", 1), ("922337203685477580.7e1", .max),
        ] as [(String, Int64)])
    func wholeNumbersAreExactHoweverWritten(_ text: String, _ value: Int64) {
        #expect(number(text)?.whole == .value(value))
    }

    @Test(arguments: [
        "0.5", "1e-1", "1.5", "9223372036854775807.5", "12345678901234567890123.5", "1e-400", "1e-999999999999",
    ])
    func fractionsAreNoWholeNumbers(_ text: String) { #expect(number(text)?.whole == .fractional) }

    @Test(arguments: [
        "9223372036854775808", "-9223372036854775809", "1e19", "99999999999999999999", "1e400",
        "1e99999999999999999999",
        "12345678901234567890123456789",
    ])
    func wholeNumbersPast64BitsAreOutOfRange(_ text: String) { #expect(number(text)?.whole == .outOfRange) }

    @Test(arguments: ["", "-", "01", "1.", ".1", "1e", "+1", "1 ", " 1", "1e+", "0x1", "1_0", "--1", "1.5.5", "١"])
    func refusesWhatIsNoNumber(_ text: String) { #expect(number(text) == nil) }

    @Test(
        arguments: [
            ("1480641523.477", 6, 1_480_641_523_477_000), ("1480641523.4771239", 6, 1_480_641_523_477_123),
            ("-0.0000019", 6, -1), ("1.7e9", 6, 1_700_000_000_000_000), ("5", 0, 5), ("5.9", 0, 5), ("1e-300", 6, 0),
            ("1480641523477.1234567890123456789", 3, 1_480_641_523_477_123), ("1e13", 6, nil), ("1e999999999", 0, nil),
        ] as [(String, Int, Int64?)])
    func timesScaleWithoutADouble(_ text: String, _ power: Int, _ value: Int64?) {
        #expect(number(text)?.truncated(timesTenTo: power) == value)
    }

    @Test func doublesAreTheNearestOnes() throws {
        for text in [
            "0.1", "12.34", "0.30000000000000004", "9007199254740993", "9007199254740992.5", "9007199254740993.00001",
            "1e22",
            "1e23", "123456789012345678", "1.7976931348623157e308", "5e-324", "2.4703282292062328e-324", "1e-400",
            "2.2250738585072011e-308", "0.1e-18", "18446744073709551615", "1844674407370955161500000e-5",
            "8.5e-19", "1.00000000000000011102230246251565404236316680908203125",
            "1.00000000000000011102230246251565404236316680908203124",
        ] {
            #expect(try double(text).bitPattern == Double(text)?.bitPattern, "\(text)")
            #expect(try double("-" + text).bitPattern == Double("-" + text)?.bitPattern, "\(text)")
        }
        #expect(try double("-0").bitPattern == (-0.0).bitPattern)
        #expect(throws: JSONError.self) { try double("1e400") }
        #expect(throws: JSONError.self) { try double("-1.8e308") }
    }

    @Test func everyFastDoubleAndFloatAgreesWithTheStandardLibrary() {
        var chance = SeededGenerator(seed: 3)
        for _ in 0..<30_000 {
            let significand = chance.next() >> UInt64.random(in: 0..<64, using: &chance)
            let exponent = Int.random(in: -21...21, using: &chance)
            let text = "\(significand)e\(exponent)"
            guard let number = number(text) else {
                Issue.record("\(text) is a number")
                continue
            }
            if let value = number.double { #expect(value.bitPattern == Double(text)?.bitPattern, "\(text)") }
            if let value = number.float { #expect(value.bitPattern == Float(text)?.bitPattern, "\(text)") }
            let halfway = Double(Float(significand)) * 1.0000000596046448
            if let value = self.number("\(halfway)")?.float { #expect(value == Float("\(halfway)"), "\(halfway)") }
        }
    }

    @Test func integersOfEveryWidthKeepTheirRange() throws {
        func read<Value: FixedWidthInteger>(_ text: String, _ type: Value.Type) throws -> Value {
            let bytes = Array(text.utf8)
            var reader = JSONReader(bytes.span.bytes)
            return try reader.integer(reader.next())
        }
        #expect(try read("-128", Int8.self) == -128)
        #expect(try read("18446744073709551615", UInt64.self) == .max)
        #expect(try read("-9223372036854775808", Int64.self) == .min)
        #expect(throws: JSONError(.outOfRange, at: 0, "the number does not fit 8 bits")) { try read("128", Int8.self) }
        #expect(throws: JSONError(.outOfRange, at: 0, "the number does not fit 64 bits")) {
            try read("-1", UInt64.self)
        }
        #expect(throws: JSONError(.wrongKind, at: 0, "expected a whole number")) {
            try read("99999999999.5", Int32.self)
        }
        #expect(throws: JSONError.self) { try read("true", Int32.self) }
    }
}
