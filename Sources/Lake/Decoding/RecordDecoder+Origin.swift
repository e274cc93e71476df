internal import Calendar
internal import Columnar
internal import JSON

extension RecordDecoder {
    /// Converts what the source says of a record to its column's type and appends it. Text is read as a member's would
    /// be: digits as a number, a time in the column's format; binary columns take the bytes as they are.
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
            try view.withUnsafeBytes { bytes throws(RecordError) in
                try append(text: bytes, column, to: target)
            }
        case .bytes(let bytes): try append(copied: bytes, column, to: target)
        case .base64(let view):
            let bytes: [UInt8]
            do { bytes = try view.decoded() } catch {
                throw originError(.badBase64, column, error.reason)
            }
            try append(copied: bytes, column, to: target)
        }
    }

    private mutating func append(copied bytes: [UInt8], _ column: Int, to target: ColumnReference) throws(RecordError) {
        let span = bytes.span
        try span.withUnsafeBytes { bytes throws(RecordError) in try append(text: bytes, column, to: target) }
    }

    private mutating func append(_ number: Int64, _ column: Int, to target: ColumnReference) throws(RecordError) {
        switch plans[column].type {
        case .int:
            guard let value = Int32(exactly: number) else {
                throw originError(.outOfRange, column, "the value does not fit 32 bits")
            }
            target.append(value)
        case .long: target.append(number)
        case .float: target.append(Float(number))
        case .double: target.append(Double(number))
        case .boolean, .date, .timestamp, .timestamptz, .string, .binary:
            try append(copied: Array(String(number).utf8), column, to: target)
        }
    }

    private mutating func append(
        milliseconds: Int64, _ column: Int, to target: ColumnReference
    ) throws(RecordError) {
        switch plans[column].type {
        case .date, .timestamp, .timestamptz:
            let (time, overflows) = milliseconds.multipliedReportingOverflow(by: 1000)
            guard !overflows, CalendarTime.range.contains(time) else {
                throw originError(.outOfRange, column, "the value does not fit the years 1 to 9999")
            }
            guard plans[column].type == .date else { return target.append(time) }
            target.append(Int32(truncatingIfNeeded: floorDivide(time, microsecondsPerDay)))
        case .boolean, .int, .long, .float, .double, .string, .binary: try append(milliseconds, column, to: target)
        }
    }

    private mutating func append(
        text: UnsafeRawBufferPointer, _ column: Int, to target: ColumnReference
    ) throws(RecordError) {
        let type = plans[column].type
        if type == .string || type == .binary {
            guard type == .binary || Self.isUTF8(text) else {
                throw originError(.badString, column, "it is not UTF-8")
            }
            guard target.append(bytes: text) else {
                throw originError(.tooLarge, column, "the column would pass 2 GiB in one batch")
            }
            return
        }
        // The text takes the record's place, between two spaces, and is then a value like any other.
        aside.prepare(text.count + 2)
        aside.base[0] = UInt8(ascii: " ")
        if let start = text.baseAddress {
            UnsafeMutableRawPointer(aside.base + 1).copyMemory(from: start, byteCount: text.count)
        }
        aside.base[text.count + 1] = UInt8(ascii: " ")
        aside.finish(text.count + 2)
        var slot = RecordSlot()
        slot.start = 1
        slot.end = text.count + 1
        slot.kind =
            switch type {
            case .boolean: text.elementsEqual("true".utf8) ? .true : text.elementsEqual("false".utf8) ? .false : .string
            case .int, .long, .float, .double: .number
            case .date, .timestamp, .timestamptz, .string, .binary: .string
            }
        swap(&record, &aside)
        defer { swap(&record, &aside) }
        do throws(RecordError) {
            try append(&slot, column, to: target)
        } catch {
            throw originError(error.code, column, error.reason)
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
