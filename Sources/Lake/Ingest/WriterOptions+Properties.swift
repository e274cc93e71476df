internal import Parquet

extension WriterOptions {
    /// What a table's properties ask of its data files: `write.parquet.compression-codec`,
    /// `write.parquet.compression-level`, `write.parquet.row-group-size-bytes`, `write.parquet.page-size-bytes`,
    /// `write.parquet.page-row-limit` and `write.parquet.dict-size-bytes`, named as Iceberg's configuration names them.
    ///
    /// A codec that this writer lacks, and a number that cannot be used, count as not given: every reader reads the
    /// files all the same, so that a property which another engine understands never stops a writer.
    init(tableProperties: [String: String]) {
        self.init()
        func number(_ name: String, upTo maximum: Int = .max) -> Int? {
            guard let value = tableProperties["write.parquet.\(name)"].flatMap({ Int($0) }), 1...maximum ~= value else {
                return nil
            }
            return value
        }
        switch tableProperties["write.parquet.compression-codec"]?.lowercased() {
        case "snappy": compression = .snappy
        case "uncompressed", "none": compression = .none
        default: compression = .zstd(level: number("compression-level", upTo: 22) ?? 3)
        }
        rowGroupBytes = number("row-group-size-bytes") ?? rowGroupBytes
        pageBytes = number("page-size-bytes") ?? pageBytes
        // A limit that no page comes near is the same as a larger one.
        pageRows = number("page-row-limit").map { min($0, Int(Int32.max / 2)) } ?? pageRows
        dictionaryBytes = number("dict-size-bytes") ?? dictionaryBytes
    }
}
