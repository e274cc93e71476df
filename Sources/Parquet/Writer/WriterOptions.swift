/// How a file is laid out, compressed and signed.
public struct WriterOptions: Sendable {
    /// How every page is compressed.
    public var compression: Compression = .snappy
    /// A row group is closed when its values take about so many bytes before encoding, 1 or more.
    public var rowGroupBytes = 128 * 1024 * 1024
    /// A data page is closed before its encoded values take more bytes than this, 1 or more; a single longer value
    /// still makes a page.
    public var pageBytes = 1024 * 1024
    /// The most rows of a data page, 1 or more.
    public var pageRows = 20_000
    /// Whether a column chunk may be dictionary-encoded; it is where that makes it smaller.
    public var usesDictionary = true
    /// The most bytes of a dictionary page before compression; a chunk with more distinct values is PLAIN.
    public var dictionaryBytes = 1024 * 1024
    /// Pairs for the footer, in this order.
    public var keyValueMetadata: [(String, String)] = []
    /// Who wrote the file, in the form that readers look for known faults by: `name version v (build b)`.
    public var createdBy = "swiftlake version 0.1.0 (build release)"
    /// Strings and binaries longer than this many bytes are truncated in statistics and column indexes, 1 or more.
    public var statisticsLength = 64
    /// What the rows are sorted by, as far as the caller has sorted them; recorded in every row group.
    public var sortingColumns: [SortingColumn] = []

    /// The defaults: snappy, row groups of 128 MiB, pages of at most 1 MiB and 20,000 rows, dictionaries.
    public init() {}

    /// - Throws: ``ParquetError/Code/invalidOption``.
    func validate(columns: Int) throws(ParquetError) {
        func require(_ isValid: Bool, _ message: String) throws(ParquetError) {
            guard isValid else { throw ParquetError(.invalidOption, message) }
        }
        try require(rowGroupBytes > 0, "rowGroupBytes must be 1 or more")
        try require(pageBytes > 0, "pageBytes must be 1 or more")
        try require(pageRows > 0 && pageRows <= Int32.max / 2, "pageRows must be from 1 to 2^30")
        try require(dictionaryBytes >= 0, "dictionaryBytes must not be negative")
        try require(statisticsLength > 0, "statisticsLength must be 1 or more")
        if case .zstd(let level) = compression {
            try require((1...22).contains(level), "a zstd level must be from 1 to 22")
        }
        for column in sortingColumns {
            try require(
                column.columnIndex >= 0 && Int(column.columnIndex) < columns, "a sorting column that does not exist")
        }
    }
}
