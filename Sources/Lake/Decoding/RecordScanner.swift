internal import JSON

/// One pass over a record: finds each column's value without converting it, and checks all the rest.
///
/// It knows only the usual ways to write JSON; whatever else it meets, valid or not, it hands to ``JSON/JSONReader``.
struct RecordScanner: ~Copyable {
    /// One a column: what the record says about it. One more takes the values of unknown fields.
    let slots: UnsafeMutablePointer<RecordSlot>
    /// Members of the record that no column has.
    private(set) var unknownFieldCount = 0
    private let count: Int
    private var keys: RecordKeys
    private var unescaped = RecordBuffer(capacity: 256)

    init(_ names: [String]) {
        count = names.count
        slots = .allocate(capacity: names.count + 1)
        slots.initialize(repeating: RecordSlot(), count: names.count + 1)
        keys = RecordKeys(names)
    }

    deinit { slots.deallocate() }

    /// Fills the slots from a record. Of two members with one name the last holds.
    /// - Throws: ``RecordError/Code/badJSON`` or ``RecordError/Code/notAnObject``.
    mutating func scan(_ record: borrowing RecordBuffer) throws(RecordError) {
        for index in 0..<count { slots[index].kind = .missing }
        unknownFieldCount = 0
        let start = UnsafePointer(record.base)
        var next = Self.skipWhitespace(start)
        guard next.pointee == UInt8(ascii: "{") else { throw Self.refusal(record) }
        next = Self.skipWhitespace(next + 1)
        if next.pointee == UInt8(ascii: "}") {
            next += 1
        } else {
            next = try scanMembers(record, next)
        }
        guard Self.skipWhitespace(next) == start + record.count else { throw Self.refusal(record) }
    }

    /// Reads from the first key to past the closing brace.
    @inline(__always)
    private mutating func scanMembers(
        _ record: borrowing RecordBuffer, _ first: UnsafePointer<UInt8>
    ) throws(RecordError) -> UnsafePointer<UInt8> {
        var next = first
        var place = 0
        while true {
            var column: Int32
            if let (known, length) = keys.match(place, next) {
                column = known
                next += length
            } else {
                column = try scanKey(record, &next, place)
            }
            next = Self.skipWhitespace(next)
            guard next.pointee == UInt8(ascii: ":") else { throw Self.refusal(record) }
            next = Self.skipWhitespace(next + 1)
            if column == RecordKeys.unknown {
                column = Int32(truncatingIfNeeded: count)
                unknownFieldCount += 1
            }
            next = try scanValue(record, next, slots + Int(column))
            next = Self.skipWhitespace(next)
            place += 1
            guard next.pointee == UInt8(ascii: ",") else { break }
            next = Self.skipWhitespace(next + 1)
        }
        guard next.pointee == UInt8(ascii: "}") else { throw Self.refusal(record) }
        return next + 1
    }

    // MARK: - Keys

    /// A key that was not the expected one: looks it up, and expects it in the next record.
    private mutating func scanKey(
        _ record: borrowing RecordBuffer, _ next: inout UnsafePointer<UInt8>, _ place: Int
    ) throws(RecordError) -> Int32 {
        guard next.pointee == UInt8(ascii: "\"") else { throw Self.refusal(record) }
        let start = next - UnsafePointer(record.base)
        let column: Int32
        let end: Int
        do throws(JSONError) {
            var reader = JSONReader(record.bytes.bytes, from: start)
            let key = try reader.next()
            end = reader.position
            if key.hasEscapes {
                unescaped.prepare(key.count)
                unescaped.finish(try reader.unescape(key, to: unescaped.base))
                column = keys.column(named: unescaped.bytes)
            } else {
                column = keys.column(named: UnsafeRawBufferPointer(rebasing: record.bytes[key.start..<key.end]))
            }
        } catch {
            throw Self.refusal(record)
        }
        keys.expect(place, UnsafeRawBufferPointer(rebasing: record.bytes[start..<end]), column: column)
        next = UnsafePointer(record.base) + end
        return column
    }

    // MARK: - Values

    @inline(__always)
    private func scanValue(
        _ record: borrowing RecordBuffer, _ next: UnsafePointer<UInt8>, _ slot: UnsafeMutablePointer<RecordSlot>
    ) throws(RecordError) -> UnsafePointer<UInt8> {
        let first = next.pointee
        let end: UnsafePointer<UInt8>?
        if first == UInt8(ascii: "\"") {
            end = Self.scanString(record.base, next, slot)
        } else if first == UInt8(ascii: "-") || first &- UInt8(ascii: "0") <= 9 {
            end = Self.scanNumber(record.base, next, slot)
        } else {
            end = nil
        }
        return if let end { end } else { try scanUnusual(record, next, slot) }
    }

    /// A string without escapes and beyond ASCII nothing; nil for any other.
    @inline(__always)
    private static func scanString(
        _ base: UnsafePointer<UInt8>, _ next: UnsafePointer<UInt8>, _ slot: UnsafeMutablePointer<RecordSlot>
    ) -> UnsafePointer<UInt8>? {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let high: UInt64 = 0x8080_8080_8080_8080
        var end = next + 1
        while true {
            let word = UnsafeRawPointer(end).loadUnaligned(as: UInt64.self)
            // The high bit of each byte that is a quote, a backslash, below 0x20 or above 0x7F. False hits are
            // possible only above a true one.
            let quote = word ^ ones &* UInt64(UInt8(ascii: "\""))
            let slash = word ^ ones &* UInt64(UInt8(ascii: "\\"))
            let stops =
                ((quote &- ones & ~quote) | (slash &- ones & ~slash) | (word &- ones &* 0x20) | word) & high
            if stops != 0 {
                end += stops.trailingZeroBitCount >> 3
                break
            }
            end += 8
        }
        guard end.pointee == UInt8(ascii: "\"") else { return nil }
        slot.pointee.kind = .string
        slot.pointee.hasEscapes = false
        slot.pointee.start = next + 1 - base
        slot.pointee.end = end - base
        return end + 1
    }

    /// A number; nil if it is not written as RFC 8259 says.
    @inline(__always)
    private static func scanNumber(
        _ base: UnsafePointer<UInt8>, _ start: UnsafePointer<UInt8>, _ slot: UnsafeMutablePointer<RecordSlot>
    ) -> UnsafePointer<UInt8>? {
        let isNegative = start.pointee == UInt8(ascii: "-")
        let first = isNegative ? start + 1 : start
        var next = first
        var significand: UInt64 = 0
        while next.pointee &- UInt8(ascii: "0") <= 9 {
            significand = significand &* 10 &+ UInt64(next.pointee &- UInt8(ascii: "0"))
            next += 1
        }
        var digits = next - first
        guard digits == 1 || (digits > 1 && first.pointee != UInt8(ascii: "0")) else { return nil }
        var exponent = 0
        if next.pointee == UInt8(ascii: ".") {
            next += 1
            let fraction = next
            while next.pointee &- UInt8(ascii: "0") <= 9 {
                significand = significand &* 10 &+ UInt64(next.pointee &- UInt8(ascii: "0"))
                next += 1
            }
            exponent = fraction - next
            guard exponent < 0 else { return nil }
            digits -= exponent
        }
        if next.pointee | 0x20 == UInt8(ascii: "e") {
            guard let (end, power) = scanExponent(next) else { return nil }
            next = end
            exponent += power
        }
        slot.pointee.kind = .number
        slot.pointee.isNegative = isNegative
        slot.pointee.isExact = digits <= 19
        slot.pointee.significand = significand
        slot.pointee.exponent = exponent
        slot.pointee.start = start - base
        slot.pointee.end = next - base
        return next
    }

    /// The power of ten from its `e` on, at most a million away from zero, which no type can tell from more.
    private static func scanExponent(
        _ start: UnsafePointer<UInt8>
    ) -> (end: UnsafePointer<UInt8>, power: Int)? {
        var next = start + 1
        let isNegative = next.pointee == UInt8(ascii: "-")
        if isNegative || next.pointee == UInt8(ascii: "+") { next += 1 }
        let first = next
        var power = 0
        while next.pointee &- UInt8(ascii: "0") <= 9 {
            power = min(power &* 10 &+ Int(next.pointee &- UInt8(ascii: "0")), 1_000_000)
            next += 1
        }
        guard next > first else { return nil }
        return (next, isNegative ? -power : power)
    }

    /// Any value, by the general reader.
    private func scanUnusual(
        _ record: borrowing RecordBuffer, _ next: UnsafePointer<UInt8>, _ slot: UnsafeMutablePointer<RecordSlot>
    ) throws(RecordError) -> UnsafePointer<UInt8> {
        var reader = JSONReader(record.bytes.bytes, from: next - UnsafePointer(record.base))
        let token: JSONToken
        do throws(JSONError) { token = try reader.next() } catch { throw Self.refusal(record) }
        slot.pointee.kind =
            switch token.kind {
            case .object, .array: .container
            case .string: .string
            case .number: .number
            case .true: .true
            case .false: .false
            case .null: .null
            }
        slot.pointee.hasEscapes = token.hasEscapes
        slot.pointee.start = token.start
        slot.pointee.end = token.end
        return UnsafePointer(record.base) + reader.position
    }

    // MARK: - Faults

    @inline(__always)
    private static func skipWhitespace(_ start: UnsafePointer<UInt8>) -> UnsafePointer<UInt8> {
        var next = start
        while next.pointee <= 0x20, isWhitespace(next.pointee) { next += 1 }
        return next
    }

    @inline(__always)
    private static func isWhitespace(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09
    }

    /// Why a record that the scanner could not read is refused: the general reader says it, so that there is one
    /// account of every fault.
    private static func refusal(_ record: borrowing RecordBuffer) -> RecordError {
        if record.bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
            return RecordError(.badJSON, at: 0, "a byte order mark must not stand before JSON")
        }
        var reader = JSONReader(record.bytes.bytes)
        do throws(JSONError) {
            let value = try reader.next()
            try reader.end()
            return RecordError(.notAnObject, at: value.start, "expected an object")
        } catch {
            return RecordError(.badJSON, at: error.offset, error.reason)
        }
    }
}
