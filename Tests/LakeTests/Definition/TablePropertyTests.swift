import Testing

@testable import Lake

@Suite struct TablePropertyTests {
    private func problems(_ name: String, _ value: String) -> [String] {
        SampleDefinition(table: #""properties": {"\#(name)": "\#(value)"}"#).problems()
    }

    @Test(arguments: [
        ("commit.manifest.min-count-to-merge", "1", "write a whole number of at least 2"),
        ("swiftlake.delete.min-age-ms", "x", "write a whole number of at least 0"),
        ("write.parquet.compression-level", "99", "write a whole number from 1 to 22"),
        ("write.parquet.page-row-limit", "0", "write a whole number of at least 1"),
        ("commit.retry.num-retries", "x", "write a whole number of at least 0"),
        ("commit.retry.min-wait-ms", "-1", "write a whole number of at least 0"),
        ("commit.retry.max-wait-ms", "1.5", "write a whole number of at least 0"),
        ("commit.retry.total-timeout-ms", "01", "write a whole number of at least 0"),
        ("commit.status-check.num-retries", "", "write a whole number of at least 0"),
        ("commit.manifest-merge.enabled", "no", "use one of true, false"),
        ("write.metadata.delete-after-commit.enabled", "TRUE", "use one of true, false"),
        ("write.metadata.metrics.default", "bogus", "use one of none, counts, full, truncate(length)"),
        ("write.metadata.metrics.column.id", "truncate(0)", "use one of none, counts, full, truncate(length)"),
        ("write.metadata.path", "metadata", "write s3://bucket/prefix or file:///absolute/path"),
        ("write.data.path", "s3a://bucket/data", "write s3://bucket/prefix or file:///absolute/path"),
        ("write.data.path", "s3://B/data", "write s3://bucket/prefix or file:///absolute/path"),
        ("write.data.path", "s3://bucket/a/../b", "write s3://bucket/prefix or file:///absolute/path"),
        ("write.data.path", "file:///a/../b", "write s3://bucket/prefix or file:///absolute/path"),
    ])
    func valuesThatNoReaderTakesAreRefused(_ name: String, _ value: String, _ expected: String) {
        #expect(
            problems(name, value) == [
                "$.tables[0].properties['\(name)']: \"\(value)\" is not a value of \(name); \(expected)"
            ])
    }

    @Test(arguments: [
        ("commit.manifest.min-count-to-merge", "2"), ("swiftlake.delete.min-age-ms", "0"),
        ("write.parquet.compression-level", "22"), ("write.parquet.page-row-limit", "1"),
        ("commit.retry.num-retries", "0"), ("write.metadata.metrics.default", "truncate(16)"),
        ("write.metadata.metrics.column.id", "none"), ("write.data.path", "file:///data/"),
        ("write.data.path", "s3://bucket/data/"), ("write.metadata.path", "s3://bucket"),
        ("history.expire.max-snapshot-age-ms", "0"), ("commit.manifest-merge.enabled", "false"),
        ("write.target-file-size-bytes", "anything that another engine reads"),
    ])
    func valuesThatReadersTakeAreGood(_ name: String, _ value: String) { #expect(problems(name, value) == []) }

    @Test func unknownPropertiesOfThisProjectAreErrors() {
        #expect(
            problems("swiftlake.snapshot.max", "5") == [
                "$.tables[0].properties['swiftlake.snapshot.max']: is not a property of Swiftlake; did you mean "
                    + "\"swiftlake.snapshots.max\"?"
            ])
        #expect(
            problems("swiftlake.parquet.encodings", "compact") == [
                "$.tables[0].properties['swiftlake.parquet.encodings']: is not a property of Swiftlake; it has "
                    + "swiftlake.snapshots.max, swiftlake.delete.min-age-ms"
            ])
    }

    @Test func metricsOfAColumnThatDoesNotExistAreErrors() {
        #expect(
            problems("write.metadata.metrics.column.idd", "none") == [
                "$.tables[0].properties['write.metadata.metrics.column.idd']: there is no column \"idd\"; did you mean "
                    + "\"id\"?"
            ])
    }
}
