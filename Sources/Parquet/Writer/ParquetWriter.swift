public import Columnar

/// Writes one Parquet file into memory: batches in any number, row groups cut by size, and the footer at the end.
///
///     func parquet(_ batch: RecordBatch) throws -> [UInt8] {
///         var writer = try ParquetWriter(fields: batch.fields)
///         try writer.write(batch)
///         return try writer.finish().bytes
///     }
///
/// Data page v1 with PLAIN, RLE and RLE_DICTIONARY, which every engine reads. One thread may use a writer at a time.
public struct ParquetWriter: ~Copyable {
    private let fields: [Field]
    private let options: WriterOptions
    /// The row group that is being filled, one buffer a field.
    private let columns: [ColumnBuffer]
    /// What the buffers hold, in bytes before encoding.
    private var bufferedBytes = 0
    private var compressor: Compressor
    private var file = FileAssembly()
    private var hasFailed = false

    /// A writer of an empty file.
    /// - Throws: ``ParquetError/Code/invalidSchema`` without fields or with two of one name, and
    ///   ``ParquetError/Code/invalidOption``.
    public init(fields: [Field], options: WriterOptions = WriterOptions()) throws(ParquetError) {
        guard !fields.isEmpty else { throw ParquetError(.invalidSchema, "a file needs a column") }
        guard fields.count <= Int16.max else { throw ParquetError(.invalidSchema, "too many columns") }
        var names: Set<String> = []
        for field in fields where !names.insert(field.name).inserted {
            throw ParquetError(.invalidSchema, "two columns have one name", column: field.name)
        }
        try options.validate(columns: fields.count)
        self.fields = fields
        self.options = options
        columns = fields.map { ColumnBuffer($0) }
        compressor = Compressor(options.compression)
    }

    /// Adds a batch's finished rows, copying them: the batch may change afterwards.
    /// - Throws: ``ParquetError/Code/invalidBatch`` if the batch's columns are not the writer's by name and type, or
    ///   hold a null where one is forbidden; the writer is then as it was. After any other error it is of no use.
    public mutating func write(_ batch: RecordBatch) throws(ParquetError) {
        try checkUsable()
        try validate(batch)
        var start = 0
        while start < batch.count {
            let rows = rowsThatFit(batch, from: start)
            if rows == 0 {
                try closeRowGroup()
                continue
            }
            for (buffer, column) in zip(columns, batch.columns) {
                buffer.append(column, rows: start..<start + rows)
            }
            bufferedBytes += Self.size(of: batch, rows: start..<start + rows)
            start += rows
        }
    }

    /// Closes the last row group and writes the footer.
    public consuming func finish() throws(ParquetError) -> WrittenFile {
        try checkUsable()
        if columns[0].rowCount > 0 { try closeRowGroup() }
        return try file.finish(fields: fields, options: options)
    }

    // MARK: - Row groups

    private func checkUsable() throws(ParquetError) {
        guard !hasFailed else { throw ParquetError(.invalidBatch, "the writer has failed before") }
    }

    private func validate(_ batch: RecordBatch) throws(ParquetError) {
        guard batch.fields.count == fields.count else {
            throw ParquetError(.invalidBatch, "the batch has \(batch.fields.count) columns, not \(fields.count)")
        }
        for (index, field) in fields.enumerated() {
            let given = batch.fields[index]
            guard given.name == field.name && given.type == field.type else {
                throw ParquetError(
                    .invalidBatch, "the batch has \(given.name) of type \(given.type) in its place", column: field.name)
            }
            let column = batch.columns[index]
            guard field.isRequired && column.nullCount > 0 else { continue }
            for row in 0..<batch.count where column.isNull(row) {
                throw ParquetError(.invalidBatch, "row \(row) of a required column is null", column: field.name)
            }
        }
    }

    /// How many of a batch's rows from one on go into the row group; 0 if it is full, but at least one if it is empty.
    private func rowsThatFit(_ batch: RecordBatch, from start: Int) -> Int {
        let room = options.rowGroupBytes - bufferedBytes
        var fits = 0
        var tooMany = batch.count - start + 1
        if Self.size(of: batch, rows: start..<batch.count) <= room { return batch.count - start }
        while tooMany - fits > 1 {
            let middle = (fits + tooMany) / 2
            if Self.size(of: batch, rows: start..<start + middle) <= room { fits = middle } else { tooMany = middle }
        }
        return bufferedBytes == 0 ? max(1, fits) : fits
    }

    /// What rows take before encoding, in bytes; nulls count as values.
    private static func size(of batch: RecordBatch, rows: Range<Int>) -> Int {
        batch.columns.reduce(0) { sum, column in
            switch column.type.byteWidth {
            case 0: sum + (rows.count + 7) / 8
            case let width?: sum + rows.count * width
            case nil:
                sum + rows.count * 4
                    + column.withOffsetsAndBytes { offsets, _ in
                        Int(offsets[rows.upperBound]) - Int(offsets[rows.lowerBound])
                    }
            }
        }
    }

    private mutating func closeRowGroup() throws(ParquetError) {
        hasFailed = true
        var chunks: [EncodedChunk] = []
        for column in columns {
            chunks.append(try EncodedChunk(column, options: options, compressor: &compressor))
        }
        try file.append(chunks, rowCount: columns[0].rowCount, options: options)
        for column in columns { column.removeAll() }
        bufferedBytes = 0
        hasFailed = false
    }
}
