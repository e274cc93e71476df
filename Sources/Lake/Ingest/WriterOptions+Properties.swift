internal import Iceberg
internal import Parquet

extension WriterOptions {
    /// What a table's properties ask of its data files: `write.parquet.compression-codec`,
    /// `write.parquet.compression-level`, `write.parquet.row-group-size-bytes`, `write.parquet.page-size-bytes`,
    /// `write.parquet.page-row-limit` and `write.parquet.dict-size-bytes`, named as Iceberg's configuration names them.
    /// - Throws: ``IcebergError/Code/unsupported`` for a codec that this writer lacks, ``IcebergError/Code/invalid`` for
    ///   a number that is none.
    init(tableProperties: [String: String]) throws(IcebergError) {
        self.init()
        func number(_ name: String) throws(IcebergError) -> Int? {
            guard let text = tableProperties["write.parquet.\(name)"] else { return nil }
            guard let value = Int(text), value > 0 else {
                throw IcebergError(.invalid, "must be a whole number above zero", at: "write.parquet.\(name)")
            }
            return value
        }
        switch tableProperties["write.parquet.compression-codec"] ?? "zstd" {
        case "zstd": compression = .zstd(level: try number("compression-level") ?? 3)
        case "snappy": compression = .snappy
        case "uncompressed", "none": compression = .none
        case let codec:
            throw IcebergError(
                .unsupported, "\"\(codec)\" is not written here; use zstd, snappy or uncompressed",
                at: "write.parquet.compression-codec")
        }
        rowGroupBytes = try number("row-group-size-bytes") ?? rowGroupBytes
        pageBytes = try number("page-size-bytes") ?? pageBytes
        pageRows = try number("page-row-limit") ?? pageRows
        dictionaryBytes = try number("dict-size-bytes") ?? dictionaryBytes
    }
}
