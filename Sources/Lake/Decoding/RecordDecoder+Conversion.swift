internal import Columnar
internal import JSON

extension RecordDecoder {
    /// Converts one value to its column's type and appends it.
    @inline(__always)
    mutating func append(
        _ slot: RecordSlot, of decoding: ColumnDecoding, to column: Column
    ) throws(RecordError) {
        if slot.kind == .missing || slot.kind == .null { return try appendNull(slot, decoding.field, column) }
        switch decoding.field.type {
        case .boolean:
            guard slot.kind == .true || slot.kind == .false else { throw wrongType(slot, decoding, "a boolean") }
            column.append(slot.kind == .true)
        case .int:
            let value = try integer(slot, decoding)
            guard let value = Int32(exactly: value) else { throw outOfRange(slot, decoding, "32 bits") }
            column.append(value)
        case .long: column.append(try integer(slot, decoding))
        case .float: column.append(try float(slot, decoding))
        case .double: column.append(try double(slot, decoding))
        case .date: column.append(try date(slot, decoding))
        case .timestamp, .timestamptz: column.append(try timestamp(slot, decoding))
        case .string: try appendString(slot, decoding, column)
        case .binary: try appendBinary(slot, decoding, column)
        }
    }

    private func appendNull(_ slot: RecordSlot, _ field: Field, _ column: Column) throws(RecordError) {
        guard field.isRequired else { return column.appendNull() }
        guard slot.kind == .null else {
            throw RecordError(.missingField, field: field.name, at: record.count, "a required field that is missing")
        }
        throw RecordError(.missingField, field: field.name, at: slot.start, "a required field that is null")
    }

    // MARK: - Numbers

    private func integer(_ slot: RecordSlot, _ decoding: ColumnDecoding) throws(RecordError) -> Int64 {
        switch try number(slot, decoding, "a whole number").whole {
        case .value(let value): return value
        case .fractional: throw wrongType(slot, decoding, "a whole number")
        case .outOfRange: throw outOfRange(slot, decoding, "64 bits")
        }
    }

    private func double(_ slot: RecordSlot, _ decoding: ColumnDecoding) throws(RecordError) -> Double {
        if let value = try number(slot, decoding, "a number").double { return value }
        do throws(JSONError) {
            var reader = JSONReader(record.bytes.bytes, from: slot.start)
            return try reader.double(reader.next())
        } catch {
            throw outOfRange(slot, decoding, "a double")
        }
    }

    private func float(_ slot: RecordSlot, _ decoding: ColumnDecoding) throws(RecordError) -> Float {
        if let value = try number(slot, decoding, "a number").float { return value }
        do throws(JSONError) {
            var reader = JSONReader(record.bytes.bytes, from: slot.start)
            return try reader.float(reader.next())
        } catch {
            throw outOfRange(slot, decoding, "a float")
        }
    }

    /// The digits the scanner found, or those of a number too long for it.
    @inline(__always)
    func number(
        _ slot: RecordSlot, _ decoding: ColumnDecoding, _ expected: StaticString
    ) throws(RecordError) -> JSONNumber {
        guard slot.kind == .number else { throw wrongType(slot, decoding, expected) }
        if slot.isExact {
            return JSONNumber(isNegative: slot.isNegative, significand: slot.significand, exponent: slot.exponent)
        }
        guard let number = JSONNumber(parsing: text(slot)) else { throw wrongType(slot, decoding, expected) }
        return number
    }

    // MARK: - Strings

    private mutating func appendString(
        _ slot: RecordSlot, _ decoding: ColumnDecoding, _ column: Column
    ) throws(RecordError) {
        guard slot.kind == .string else { throw wrongType(slot, decoding, "a string") }
        let isRoom = column.append(bytes: slot.hasEscapes ? unescape(slot) : text(slot))
        guard isRoom else { throw tooLarge(slot, decoding) }
    }

    private mutating func appendBinary(
        _ slot: RecordSlot, _ decoding: ColumnDecoding, _ column: Column
    ) throws(RecordError) {
        guard slot.kind == .string else { throw wrongType(slot, decoding, "a string in base64") }
        let text = slot.hasEscapes ? unescape(slot) : text(slot)
        decoded.prepare(Base64.maximumCount(text.count))
        do throws(RecordError) {
            decoded.finish(try Base64.decode(text, to: decoded.base))
        } catch {
            throw RecordError(.badString, field: decoding.field.name, at: slot.offset, error.reason)
        }
        guard column.append(bytes: decoded.bytes) else { throw tooLarge(slot, decoding) }
    }

    /// A value's bytes as they are written, a string's without its quotes.
    @inline(__always)
    func text(_ slot: RecordSlot) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: record.base + slot.start, count: slot.end - slot.start)
    }

    /// A string's bytes without its escapes, until the next call.
    mutating func unescape(_ slot: RecordSlot) -> UnsafeRawBufferPointer {
        unescaped.prepare(slot.end - slot.start)
        var reader = JSONReader(record.bytes.bytes, from: slot.offset)
        // The scanner has read this string already, so it is one.
        let count = try? reader.unescape(reader.next(), to: unescaped.base)
        unescaped.finish(count ?? 0)
        return unescaped.bytes
    }

    // MARK: - Faults

    func wrongType(_ slot: RecordSlot, _ decoding: ColumnDecoding, _ expected: StaticString) -> RecordError {
        RecordError(.wrongType, field: decoding.field.name, at: slot.offset, "expected \(expected)")
    }

    func outOfRange(_ slot: RecordSlot, _ decoding: ColumnDecoding, _ type: StaticString) -> RecordError {
        RecordError(.outOfRange, field: decoding.field.name, at: slot.offset, "the value does not fit \(type)")
    }

    private func tooLarge(_ slot: RecordSlot, _ decoding: ColumnDecoding) -> RecordError {
        RecordError(
            .tooLarge, field: decoding.field.name, at: slot.offset, "the column would pass 2 GiB in one batch")
    }
}
