import Parquet
import Testing

@testable import Lake

@Suite struct WriterOptionsPropertiesTests {
    private func compression(_ properties: [String: String]) -> Compression {
        WriterOptions(tableProperties: properties).compression
    }

    @Test func readsWhatTheTableAsksFor() {
        #expect(compression(["write.parquet.compression-level": "9"]) == .zstd(level: 9))
        #expect(compression(["write.parquet.compression-codec": "snappy"]) == .snappy)
        #expect(compression(["write.parquet.compression-codec": "uncompressed"]) == .none)
        let options = WriterOptions(tableProperties: [
            "write.parquet.page-row-limit": "7", "write.parquet.page-size-bytes": "8",
            "write.parquet.row-group-size-bytes": "9", "write.parquet.dict-size-bytes": "10",
        ])
        #expect(
            [options.pageRows, options.pageBytes, options.rowGroupBytes, options.dictionaryBytes] == [7, 8, 9, 10])
    }

    @Test(arguments: ["lzo", "gzip", ""]) func aCodecThatThisWriterLacksGivesTheUsualOne(codec: String) {
        #expect(compression(["write.parquet.compression-codec": codec]) == .zstd(level: 3))
    }

    @Test(arguments: ["0", "99", "x", "-1"]) func anUnusableNumberGivesTheUsualOne(text: String) {
        #expect(compression(["write.parquet.compression-level": text]) == .zstd(level: 3))
        let rows = WriterOptions(tableProperties: ["write.parquet.page-row-limit": text]).pageRows
        #expect(rows == (text == "99" ? 99 : 20_000))
    }

    @Test func aLimitBeyondTheWritersIsItsLargest() {
        let options = WriterOptions(tableProperties: ["write.parquet.page-row-limit": "999999999999999999"])
        #expect(options.pageRows == 1_073_741_823)
    }
}
