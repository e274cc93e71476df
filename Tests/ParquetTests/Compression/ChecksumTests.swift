import Testing

@testable import Parquet

@Suite struct ChecksumTests {
    @Test func checkValueOfTheCatalogueComesOut() {
        #expect(Array("123456789".utf8).withUnsafeBytes { Checksum.crc32($0) } == Int32(bitPattern: 0xCBF4_3926))
        #expect([UInt8]().withUnsafeBytes { Checksum.crc32($0) } == 0)
    }
}
