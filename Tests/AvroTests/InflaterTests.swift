import Testing

@testable import Avro

@Suite struct InflaterTests {
    /// "abc" a hundred times, deflated.
    private let deflated: [UInt8] = [0x4B, 0x4C, 0x4A, 0x4E, 0x1C, 0x45, 0xC4, 0x21, 0x00]
    /// "{}" in gzip.
    private let gzipped: [UInt8] = [
        0x1F, 0x8B, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0xAB, 0xAE, 0x05, 0x00, 0x43, 0xBF, 0xA6, 0xA3,
        0x02, 0x00, 0x00, 0x00,
    ]
    private let text = Array(String(repeating: "abc", count: 100).utf8)

    @Test func rawDataIsInflated() throws { #expect(try Inflater.inflate(deflated, .raw) == text) }

    @Test func gzipIsInflated() throws { #expect(try Inflater.inflate(gzipped, .gzip) == Array("{}".utf8)) }

    @Test func thePartOfAChecksumThatPythonLeavesIsPassedOver() throws {
        #expect(try Inflater.inflate(deflated + [1, 2, 3], .raw) == text)
        #expect(throws: AvroError.self) { try Inflater.inflate(deflated + [1, 2, 3, 4, 5], .raw) }
        #expect(throws: AvroError.self) { try Inflater.inflate(gzipped + [0], .gzip) }
    }

    @Test func everyTruncationIsRefused() {
        for length in deflated.indices {
            #expect(throws: AvroError.self) { try Inflater.inflate(Array(deflated[..<length]), .raw) }
        }
        for length in gzipped.indices {
            #expect(throws: AvroError.self) { try Inflater.inflate(Array(gzipped[..<length]), .gzip) }
        }
    }

    @Test func aWrongChecksumIsRefused() {
        var bytes = gzipped
        bytes[bytes.count - 5] ^= 1
        #expect(throws: AvroError.self) { try Inflater.inflate(bytes, .gzip) }
    }

    @Test func theSizeIsLimited() {
        #expect { try Inflater.inflate(deflated, .raw, limit: 299) } throws: {
            ($0 as? AvroError)?.code == .unsupported
        }
    }
}
