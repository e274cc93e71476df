internal import Columnar
internal import Foundation
internal import JSON
internal import TestSupport
internal import Parquet

/// `parquet-matrix DIR [SEED COUNT]`: every type × encoding × codec × null pattern × page boundary as Parquet files,
/// then files of random options, and beside them `expected.jsonl`, one line a file, in forms that lose nothing:
/// integers as decimal strings, floats as the hexadecimal of their bits, binaries as hexadecimal.
enum ParquetMatrix {
    enum Nulls: String, CaseIterable {
        case required, none, all, alternate, first, last, runs, random

        func isNull(_ row: Int, of rows: Int, _ random: inout SeededGenerator) -> Bool {
            switch self {
            case .required, .none: false
            case .all: true
            case .alternate: row % 2 == 1
            case .first: row == 0
            case .last: row == rows - 1
            case .runs: row / 13 % 2 == 0
            case .random: Bool.random(using: &random)
            }
        }
    }

    enum Encoding: String, CaseIterable {
        /// Without dictionaries, dictionaries that pay, dictionaries past their limit, values that never repeat.
        case plain, dictionary, limit, distinct
    }

    struct Layout {
        let name: String
        let rows: Int
        let apply: @Sendable (inout WriterOptions) -> Void

        static let all = [
            Layout(name: "default", rows: 203) { _ in },
            Layout(name: "row-pages", rows: 33) { $0.pageRows = 1 },
            Layout(name: "exact-pages", rows: 128) { $0.pageRows = 32 },
            Layout(name: "byte-pages", rows: 203) { $0.pageBytes = 128 },
            Layout(name: "row-groups", rows: 203) {
                $0.rowGroupBytes = 20_000
                $0.pageRows = 17
            },
        ]
    }

    static func run(_ arguments: [String]) throws {
        guard let folder = arguments.first else { throw ConformanceError("parquet-matrix needs a folder") }
        let seed = arguments.count > 1 ? UInt64(arguments[1]) ?? 1 : 1
        let count = arguments.count > 2 ? Int(arguments[2]) ?? 60 : 60
        var expected: [UInt8] = []
        var random = SeededGenerator(seed: seed)
        for encoding in Encoding.allCases {
            for (codec, compression) in [("none", Compression.none), ("snappy", .snappy), ("zstd", .zstd(level: 3))] {
                for layout in Layout.all {
                    var options = WriterOptions()
                    options.compression = compression
                    options.usesDictionary = encoding != .plain
                    if encoding == .limit { options.dictionaryBytes = 3 }
                    layout.apply(&options)
                    let name = "\(encoding)-\(codec)-\(layout.name)"
                    let batch = matrixBatch(rows: layout.rows, distinct: encoding == .distinct, &random)
                    try write([batch], name: name, options, to: folder, &expected)
                }
            }
        }
        try write(
            [matrixBatch(rows: 0, distinct: true, &random)], name: "empty", WriterOptions(), to: folder, &expected)
        for index in 0..<count { try writeRandom(index, to: folder, &expected, &random) }
        try Data(expected).write(to: URL(fileURLWithPath: folder + "/expected.jsonl"))
    }

    /// A column for every type and null pattern.
    private static func matrixBatch(rows: Int, distinct: Bool, _ random: inout SeededGenerator) -> RecordBatch {
        var kinds: [(ColumnType, Nulls)] = []
        for type in ColumnType.allCases {
            for nulls in Nulls.allCases where nulls != .random { kinds.append((type, nulls)) }
        }
        return batch(kinds, rows: rows, pool: distinct ? nil : 5, &random)
    }

    private static func writeRandom(
        _ index: Int, to folder: String, _ expected: inout [UInt8], _ random: inout SeededGenerator
    ) throws {
        var options = WriterOptions()
        options.compression = [.none, .snappy, .zstd(level: 1)].randomElement(using: &random) ?? .none
        options.usesDictionary = Int.random(in: 0..<4, using: &random) > 0
        options.dictionaryBytes = [0, 16, 200, 1 << 20].randomElement(using: &random) ?? 0
        options.pageRows = [1, 2, 7, 8, 64, 1000, 20_000].randomElement(using: &random) ?? 1
        options.pageBytes = [1, 9, 64, 1000, 1 << 20].randomElement(using: &random) ?? 1
        options.rowGroupBytes = [1000, 10_000, 1 << 27].randomElement(using: &random) ?? 1
        options.statisticsLength = [1, 2, 5, 64].randomElement(using: &random) ?? 64
        let kinds = (0..<Int.random(in: 1...6, using: &random)).map { _ in
            (
                ColumnType.allCases.randomElement(using: &random) ?? .int,
                Nulls.allCases.randomElement(using: &random) ?? .none
            )
        }
        let pool = [nil, 1, 2, 3, 9, 33, 300].randomElement(using: &random) ?? nil
        let batches = (0..<Int.random(in: 1...3, using: &random)).map { _ in
            batch(kinds, rows: Int.random(in: 0...700, using: &random), pool: pool, &random)
        }
        try write(batches, name: "random-\(index)", options, to: folder, &expected)
    }

    private static func batch(
        _ kinds: [(ColumnType, Nulls)], rows: Int, pool: Int?, _ random: inout SeededGenerator
    ) -> RecordBatch {
        let fields = kinds.enumerated().map { index, kind in
            Field(
                name: "\(kind.0.rawValue)_\(kind.1.rawValue)_\(index)", type: kind.0, isRequired: kind.1 == .required,
                id: Int32(index * 7 + 1))
        }
        let batch = RecordBatch(fields)
        let values = kinds.map { kind in
            (0..<(pool ?? max(1, rows))).map { _ in MatrixValue.random(kind.0, isDistinct: pool == nil, &random) }
        }
        for row in 0..<rows {
            for (index, kind) in kinds.enumerated() {
                if kind.1.isNull(row, of: rows, &random) {
                    batch.columns[index].appendNull()
                } else if pool == nil {
                    values[index][row].append(to: batch.columns[index])
                } else {
                    values[index].randomElement(using: &random)?.append(to: batch.columns[index])
                }
            }
            batch.finishRow()
        }
        return batch
    }

    private static func write(
        _ batches: [RecordBatch], name: String, _ options: WriterOptions, to folder: String,
        _ expected: inout [UInt8]
    ) throws {
        var options = options
        options.keyValueMetadata = [("matrix", name), ("unicode", "grüße")]
        options.sortingColumns = [SortingColumn(columnIndex: 0, isDescending: true, nullsFirst: true)]
        var writer = try ParquetWriter(fields: batches[0].fields, options: options)
        for batch in batches { try writer.write(batch) }
        let file = try writer.finish()
        try Data(file.bytes).write(to: URL(fileURLWithPath: "\(folder)/\(name).parquet"))
        var json = JSONWriter()
        json.object { json in
            json.member("name", name)
            json.member("statisticsLength", options.statisticsLength)
            json.member("rows", file.rowCount)
            json.member("splitOffsets") {
                $0.array { json in for offset in file.splitOffsets { json.integer(offset) } }
            }
            json.member("columns") { json in
                json.array { json in
                    for (index, field) in batches[0].fields.enumerated() {
                        describe(field, file.columns[index], batches.map { $0.columns[index] }, &json)
                    }
                }
            }
        }
        expected += json.bytes + [UInt8(ascii: "\n")]
    }

    private static func describe(
        _ field: Field, _ metrics: ColumnMetrics, _ columns: [Column], _ json: inout JSONWriter
    ) {
        json.object { json in
            json.member("name", field.name)
            json.member("type", field.type.rawValue)
            json.member("required", field.isRequired)
            json.member("id", field.id)
            json.member("metricsID", metrics.fieldID)
            json.member("compressedSize", metrics.compressedSize)
            json.member("valueCount", metrics.valueCount)
            json.member("nullCount", metrics.nullCount)
            if let count = metrics.nanCount { json.member("nanCount", count) }
            if let bound = metrics.lowerBound { json.member("lower", hexadecimal(bound)) }
            if let bound = metrics.upperBound { json.member("upper", hexadecimal(bound)) }
            json.member("values") { json in
                json.array { json in
                    for column in columns {
                        for row in 0..<column.count { MatrixValue.write(column, row, &json) }
                    }
                }
            }
        }
    }

    static func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
        bytes.map { String(format: "%02x", $0) }.joined()
    }
}
