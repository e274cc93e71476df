internal import Calendar
internal import Columnar

extension RecordDecoder {
    /// Converts what the source says of a record to its column's type and appends it.
    mutating func append(_ value: OriginValue?, _ column: Int, to target: ColumnReference) throws(RecordError) {
        switch value {
        case nil:
            guard !plans[column].isRequired else {
                throw RecordError(
                    .missingField, field: columns[column].field.name, at: 0,
                    "a required field, and the record has no \(columns[column].source)")
            }
            target.appendNull()
        case .number(let number): try append(number, column, to: target)
        case .timestamp(let milliseconds): try append(milliseconds: milliseconds, column, to: target)
        case .text(let view):
            try view.withUnsafeBytes { bytes throws(RecordError) in try append(text: bytes, column, to: target) }
        case .bytes(let bytes): try append(copied: bytes, column, to: target)
        case .base64(let view):
            let bytes: [UInt8]
            do {
                bytes = try view.decoded()
            } catch {
                throw originError(.badBase64, column, error.reason)
            }
            try append(copied: bytes, column, to: target)
        }
    }

    private func append(copied bytes: [UInt8], _ column: Int, to target: ColumnReference) throws(RecordError) {
        let span = bytes.span
        try span.withUnsafeBytes { bytes throws(RecordError) in try append(text: bytes, column, to: target) }
    }

    private func append(_ number: Int64, _ column: Int, to target: ColumnReference) throws(RecordError) {
        switch plans[column].type {
        case .int:
            guard let value = Int32(exactly: number) else {
                throw originError(.outOfRange, column, "the value does not fit 32 bits")
            }
            target.append(value)
        case .long: target.append(number)
        default: try append(copied: Array(String(number).utf8), column, to: target)
        }
    }

    private func append(
        milliseconds: Int64, _ column: Int, to target: ColumnReference
    ) throws(RecordError) {
        let (time, overflows) = milliseconds.multipliedReportingOverflow(by: 1000)
        guard !overflows, CalendarTime.range.contains(time) else {
            throw originError(.outOfRange, column, "the value does not fit the years 1 to 9999")
        }
        switch plans[column].type {
        case .timestamp, .timestamptz: target.append(time)
        case .date: target.append(Int32(truncatingIfNeeded: floorDivide(time, microsecondsPerDay)))
        default: throw originError(.wrongType, column, "a time does not fill this type")
        }
    }

    /// Strings and binaries take bytes as they are.
    private func append(text: UnsafeRawBufferPointer, _ column: Int, to target: ColumnReference) throws(RecordError) {
        switch plans[column].type {
        case .string:
            guard Self.isUTF8(text) else { throw originError(.badString, column, "it is not UTF-8") }
        case .binary: break
        default: throw originError(.wrongType, column, "text does not fill this type")
        }
        guard target.append(bytes: text) else {
            throw originError(.tooLarge, column, "the column would pass 2 GiB in one batch")
        }
    }

    private static func isUTF8(_ text: UnsafeRawBufferPointer) -> Bool {
        (try? UTF8Span(validating: Span<UInt8>(_bytes: text.bytes))) != nil
    }

    /// An error about something that is not in the payload, and so has no place in it.
    private func originError(_ code: RecordError.Code, _ column: Int, _ reason: String) -> RecordError {
        RecordError(
            code, field: columns[column].field.name, at: 0, "\(columns[column].source) of the record: \(reason)")
    }
}
