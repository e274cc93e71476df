internal import Columnar
internal import JSON

extension RecordDecoder {
    /// Converts one value to its column's type and appends it. The slot is passed by its place, because reading it whole
    /// right after its parts were written stalls the processor.
    @inline(__always)
    mutating func append(_ slot: UnsafePointer<RecordSlot>, _ column: Int, to target: ColumnReference)
        throws(RecordError)
    {
        if slot.pointee.kind == .missing || slot.pointee.kind == .null {
            return try appendNull(slot, column, to: target)
        }
        switch plans[column].type {
        case .boolean:
            guard slot.pointee.kind == .true || slot.pointee.kind == .false else {
                throw wrongType(slot, column, "a boolean")
            }
            target.append(slot.pointee.kind == .true)
        case .int:
            guard let value = Int32(exactly: try integer(slot, column)) else {
                throw outOfRange(slot, column, "32 bits")
            }
            target.append(value)
        case .long: target.append(try integer(slot, column))
        case .float: target.append(try float(slot, column))
        case .double: target.append(try double(slot, column))
        case .date: target.append(try date(slot, column))
        case .timestamp, .timestamptz: target.append(try timestamp(slot, column))
        case .string: try appendString(slot, column, to: target)
        case .binary: try appendBinary(slot, column, to: target)
        }
    }

    private func appendNull(_ slot: UnsafePointer<RecordSlot>, _ column: Int, to target: ColumnReference)
        throws(RecordError)
    {
        guard plans[column].isRequired else { return target.appendNull() }
        let field = columns[column].field.name
        guard slot.pointee.kind == .null else {
            throw RecordError(.missingField, field: field, at: record.count, "a required field that is missing")
        }
        throw RecordError(.missingField, field: field, at: slot.pointee.start, "a required field that is null")
    }

    // MARK: - Numbers

    @inline(__always)
    private func integer(_ slot: UnsafePointer<RecordSlot>, _ column: Int) throws(RecordError) -> Int64 {
        switch try number(slot, column, "a whole number").whole {
        case .value(let value): return value
        case .fractional: throw wrongType(slot, column, "a whole number")
        case .outOfRange: throw outOfRange(slot, column, "64 bits")
        }
    }

    @inline(__always)
    private func double(_ slot: UnsafePointer<RecordSlot>, _ column: Int) throws(RecordError) -> Double {
        if let value = try number(slot, column, "a number").double { return value }
        return try longDouble(slot, column)
    }

    /// A number of more digits, or a larger or smaller one, than whole numbers can round.
    @inline(never)
    private func longDouble(_ slot: UnsafePointer<RecordSlot>, _ column: Int) throws(RecordError) -> Double {
        do throws(JSONError) {
            var reader = JSONReader(record.bytes.bytes, from: slot.pointee.start)
            return try reader.double(reader.next())
        } catch {
            throw outOfRange(slot, column, "a double")
        }
    }

    private func float(_ slot: UnsafePointer<RecordSlot>, _ column: Int) throws(RecordError) -> Float {
        if let value = try number(slot, column, "a number").float { return value }
        do throws(JSONError) {
            var reader = JSONReader(record.bytes.bytes, from: slot.pointee.start)
            return try reader.float(reader.next())
        } catch {
            throw outOfRange(slot, column, "a float")
        }
    }

    /// The digits the scanner found, or those of a number too long for it.
    @inline(__always)
    func number(
        _ slot: UnsafePointer<RecordSlot>, _ column: Int, _ expected: StaticString
    ) throws(RecordError) -> JSONNumber {
        guard slot.pointee.kind == .number else { throw wrongType(slot, column, expected) }
        if slot.pointee.isExact {
            return JSONNumber(
                isNegative: slot.pointee.isNegative, significand: slot.pointee.significand,
                exponent: slot.pointee.exponent)
        }
        guard let number = JSONNumber(parsing: text(slot)) else { throw wrongType(slot, column, expected) }
        return number
    }

    // MARK: - Strings

    private mutating func appendString(
        _ slot: UnsafePointer<RecordSlot>, _ column: Int, to target: ColumnReference
    ) throws(RecordError) {
        guard slot.pointee.kind == .string else { throw wrongType(slot, column, "a string") }
        let isRoom = target.append(bytes: slot.pointee.hasEscapes ? unescape(slot) : text(slot))
        guard isRoom else { throw tooLarge(slot, column) }
    }

    private mutating func appendBinary(
        _ slot: UnsafePointer<RecordSlot>, _ column: Int, to target: ColumnReference
    ) throws(RecordError) {
        guard slot.pointee.kind == .string else { throw wrongType(slot, column, "a string in base64") }
        let text = slot.pointee.hasEscapes ? unescape(slot) : text(slot)
        decoded.prepare(Base64.maximumCount(text.count))
        do throws(Base64Error) {
            decoded.finish(try Base64.decode(text, to: decoded.base))
        } catch {
            throw RecordError(.badString, field: columns[column].field.name, at: slot.pointee.offset, error.reason)
        }
        guard target.append(bytes: decoded.bytes) else { throw tooLarge(slot, column) }
    }

    /// A value's bytes as they are written, a string's without its quotes.
    @inline(__always)
    func text(_ slot: UnsafePointer<RecordSlot>) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: record.base + slot.pointee.start, count: slot.pointee.end - slot.pointee.start)
    }

    /// A string's bytes without its escapes, until the next call.
    mutating func unescape(_ slot: UnsafePointer<RecordSlot>) -> UnsafeRawBufferPointer {
        unescaped.prepare(slot.pointee.end - slot.pointee.start)
        var reader = JSONReader(record.bytes.bytes, from: slot.pointee.offset)
        // The scanner has read this string already, so it is one.
        let count = try? reader.unescape(reader.next(), to: unescaped.base)
        unescaped.finish(count ?? 0)
        return unescaped.bytes
    }

    // MARK: - Faults

    func wrongType(_ slot: UnsafePointer<RecordSlot>, _ column: Int, _ expected: StaticString) -> RecordError {
        RecordError(.wrongType, field: columns[column].field.name, at: slot.pointee.offset, "expected \(expected)")
    }

    func outOfRange(_ slot: UnsafePointer<RecordSlot>, _ column: Int, _ type: StaticString) -> RecordError {
        RecordError(
            .outOfRange, field: columns[column].field.name, at: slot.pointee.offset, "the value does not fit \(type)")
    }

    private func tooLarge(_ slot: UnsafePointer<RecordSlot>, _ column: Int) -> RecordError {
        RecordError(
            .tooLarge, field: columns[column].field.name, at: slot.pointee.offset,
            "the column would pass 2 GiB in one batch")
    }
}
