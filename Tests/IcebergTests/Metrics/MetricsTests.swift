import Testing

@testable import Iceberg

@Suite struct MetricsModeTests {
    @Test(arguments: [
        ("none", MetricsMode.none), ("Counts", .counts), ("full", .full), ("truncate(3)", .truncate(length: 3)),
        ("TRUNCATE(16)", .truncate(length: 16)),
    ])
    func modesGoByTheirNames(text: String, mode: MetricsMode) { #expect(MetricsMode(parsing: text) == mode) }

    @Test(arguments: ["", "truncate", "truncate(0)", "truncate(-1)", "truncate(x)", "some"])
    func otherNamesAreNone(text: String) { #expect(MetricsMode(parsing: text) == nil) }

    @Test func propertiesSetTheModeOfEachColumn() {
        let configuration = MetricsConfiguration(properties: [
            "write.metadata.metrics.default": "counts", "write.metadata.metrics.column.a.b": "full",
            "write.metadata.metrics.column.bad": "???", "other": "none",
        ])
        #expect(configuration.mode(of: "x") == .counts)
        #expect(configuration.mode(of: "a.b") == .full)
        #expect(configuration.mode(of: "bad") == .counts)
        #expect(MetricsConfiguration(properties: [:]).mode(of: "x") == .truncate(length: 16))
    }
}

@Suite struct BoundTruncationTests {
    private func upper(_ text: String, _ length: Int) -> String? {
        BoundTruncation.upper(Array(text.utf8), type: .string, mode: .truncate(length: length))
            .map { String(decoding: $0, as: UTF8.self) }
    }

    @Test func textIsCutAtCodePointsAndRaised() {
        #expect(upper("abc", 3) == "abc")
        #expect(upper("abcd", 3) == "abd")
        #expect(upper("éé😀x", 3) == "éé\u{1F601}")
        #expect(upper("a\u{10FFFF}\u{10FFFF}x", 3) == "b")
        #expect(upper("\u{10FFFF}\u{10FFFF}x", 2) == nil)
        #expect(upper("\u{D7FF}x", 1) == "\u{E000}")
        let lower = BoundTruncation.lower(Array("éé😀x".utf8), type: .string, mode: .truncate(length: 3))
        #expect(lower == Array("éé😀".utf8))
    }

    @Test func bytesAreCutAndRaised() {
        func upper(_ bytes: [UInt8]) -> [UInt8]? {
            BoundTruncation.upper(bytes, type: .binary, mode: .truncate(length: 2))
        }
        #expect(upper([1, 2]) == [1, 2])
        #expect(upper([1, 2, 3]) == [1, 3])
        #expect(upper([1, 255, 3]) == [2])
        #expect(upper([255, 255, 3]) == nil)
    }

    @Test func numbersAreNeverCutAndModesWithoutBoundsHaveNone() {
        let long: [UInt8] = [1, 2, 3, 4, 5, 6, 7, 8]
        #expect(BoundTruncation.upper(long, type: .long, mode: .truncate(length: 1)) == long)
        #expect(BoundTruncation.lower(long, type: .long, mode: .counts) == nil)
        #expect(BoundTruncation.upper(long, type: .long, mode: .none) == nil)
        #expect(BoundTruncation.upper(long, type: .binary, mode: .full) == long)
    }
}
