internal import Columnar
internal import Foundation
internal import Lake

/// `decode-records COLUMNS [base64]`: decodes each line of standard input as a record, and writes a line for it.
///
/// COLUMNS is `name:type[:required][:format=NAME]`, separated by commas. A record that becomes a row answers
/// `row VALUE…`, with tabs between, where a null is `-`, a double or float its bits in hexadecimal, a string or binary
/// `x` and its bytes in hexadecimal; one that does not answers `error CODE OFFSET FIELD REASON`. A line's bytes are
/// written in hexadecimal on input, so that any byte may stand in a record.
enum RecordDecoding {
    static func decodeRecords(_ arguments: [String]) throws {
        let columns = try parse(arguments.first ?? "")
        let isBase64 = arguments.dropFirst().first == "base64"
        var decoder = RecordDecoder(columns)
        let batch = RecordBatch(columns.map(\.field))
        var output = ""
        while let line = readLine() {
            let record = bytes(hexadecimal: line)
            do throws(RecordError) {
                if isBase64 {
                    try decoder.decode(base64: record.span.bytes, into: batch)
                } else {
                    try decoder.decode(json: record.span.bytes, into: batch)
                }
                output += "row\t" + batch.columns.map { text($0, batch.count - 1) }.joined(separator: "\t") + "\n"
            } catch {
                output += "error\t\(error.code.rawValue)\t\(error.offset)\t\(error.field ?? "-")\t\(error.reason)\n"
            }
            if output.utf8.count > 1 << 16 {
                FileHandle.standardOutput.write(Data(output.utf8))
                output = ""
            }
        }
        FileHandle.standardOutput.write(Data(output.utf8))
        for column in batch.columns where column.count != batch.count { throw Fault("a column of another length") }
    }

    struct Fault: Error, CustomStringConvertible {
        let description: String
        init(_ description: String) { self.description = description }
    }

    /// The columns of the first argument.
    static func parse(_ text: String) throws -> [ColumnDecoding] {
        try text.split(separator: ",").enumerated().map { index, column in
            let parts = column.split(separator: ":", maxSplits: 1)
            guard parts.count == 2 else { throw Fault("a column is NAME:TYPE[:required][:format=NAME]") }
            var type = String(parts[1])
            var format = TimeFormat.iso8601
            if let range = type.range(of: ":format=") {
                guard let named = TimeFormat(name: String(type[range.upperBound...])) else {
                    throw Fault("no such time format; there are \(TimeFormat.allNames)")
                }
                format = named
                type = String(type[..<range.lowerBound])
            }
            let isRequired = type.hasSuffix(":required")
            if isRequired { type.removeLast(9) }
            guard let type = ColumnType(rawValue: type) else { throw Fault("no such type: \(type)") }
            let field = Field(name: String(parts[0]), type: type, isRequired: isRequired, id: Int32(index + 1))
            return ColumnDecoding(field: field, timeFormat: format)
        }
    }

    private static func text(_ column: Column, _ row: Int) -> String {
        if column.isNull(row) { return "-" }
        switch column.type {
        case .boolean: return column.boolean(row) ? "true" : "false"
        case .int, .date: return String(column.value(row, as: Int32.self))
        case .long, .timestamp, .timestamptz: return String(column.value(row, as: Int64.self))
        case .float: return String(column.value(row, as: UInt32.self), radix: 16)
        case .double: return String(column.value(row, as: UInt64.self), radix: 16)
        case .string, .binary:
            return column.withBytes(row) { bytes in
                bytes.reduce(into: "x") { text, byte in
                    if byte < 16 { text += "0" }
                    text += String(byte, radix: 16)
                }
            }
        }
    }

    private static func bytes(hexadecimal text: String) -> [UInt8] {
        var bytes: [UInt8] = []
        var high: UInt8?
        for unit in text.utf8 {
            let digit = unit <= UInt8(ascii: "9") ? unit - UInt8(ascii: "0") : (unit | 0x20) - UInt8(ascii: "a") + 10
            if let first = high {
                bytes.append(first << 4 | digit)
                high = nil
            } else {
                high = digit
            }
        }
        return bytes
    }
}
