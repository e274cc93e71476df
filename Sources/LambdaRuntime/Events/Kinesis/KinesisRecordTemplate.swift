internal import Glibc

/// The shape of one record that was read with care, to recognise the next by: records of a batch differ only in five
/// values, and the bytes between those values are compared instead of parsed. What matches is valid JSON with the same
/// meaning, because the template's text was; what does not match is read with care again.
struct KinesisRecordTemplate {
    private enum Field { case partitionKey, sequenceNumber, data, timestamp, eventID }

    /// The record's text, and within it the five values in the order of the text.
    private let text: Range<Int>
    private let values: InlineArray<5, (field: Field, range: Range<Int>)>
    private let record: KinesisRecord

    /// Nil if a value has escapes, whose text then is not its meaning.
    /// - Parameter timestamp: where the record's arrival time stands.
    init?(_ record: KinesisRecord, text: Range<Int>, timestamp: Range<Int>) {
        let strings: [(Field, ByteRange)] = [
            (.partitionKey, record.partitionKeyRange), (.sequenceNumber, record.sequenceNumberRange),
            (.data, record.dataRange), (.eventID, record.eventIDRange),
        ]
        guard !strings.contains(where: { $0.1.hasEscapes }), !record.streamARNRange.hasEscapes else { return nil }
        let ordered = (strings.map { (field: $0.0, range: $0.1.start..<$0.1.end) } + [(.timestamp, timestamp)])
            .sorted { $0.range.lowerBound < $1.range.lowerBound }
        values = InlineArray { ordered[$0] }
        self.text = text
        self.record = record
    }

    /// A record at a place of the same buffer that has this shape, and where its text ends; nil if it has another.
    func match(_ bytes: UnsafeRawBufferPointer, at start: Int, upTo end: Int) -> (record: KinesisRecord, end: Int)? {
        guard let base = bytes.baseAddress, end <= bytes.count else { return nil }
        var record = record
        var place = start
        var literal = text.lowerBound
        for index in values.indices {
            let (field, range) = values[index]
            guard Self.skip(base, literal..<range.lowerBound, at: &place, upTo: end) else { return nil }
            let first = place
            literal = range.upperBound
            if field == .timestamp {
                guard let milliseconds = Self.milliseconds(base, at: &place, upTo: end) else { return nil }
                record.approximateArrivalTimestampMs = milliseconds
                continue
            }
            place = Self.endOfPlainText(base, from: place, upTo: end)
            let value = ByteRange(first, place)
            switch field {
            case .partitionKey: record.partitionKeyRange = value
            case .sequenceNumber:
                guard Self.isSequenceNumber(base, first..<place) else { return nil }
                record.sequenceNumberRange = value
            case .data: record.dataRange = value
            case .eventID:
                guard let colon = memchr(base + first, Int32(UInt8(ascii: ":")), place - first) else { return nil }
                let length = UnsafeRawPointer(colon) - (base + first)
                guard length > 0 else { return nil }
                record.eventIDRange = value
                record.shardIDRange = ByteRange(first, first + length)
            case .timestamp: break
            }
        }
        guard Self.skip(base, literal..<text.upperBound, at: &place, upTo: end) else { return nil }
        return (record, place)
    }

    // MARK: - Bytes

    /// Moves past bytes that are the same as the template's.
    @inline(__always)
    private static func skip(_ base: UnsafeRawPointer, _ literal: Range<Int>, at place: inout Int, upTo end: Int)
        -> Bool
    {
        guard literal.count <= end - place, memcmp(base + literal.lowerBound, base + place, literal.count) == 0 else {
            return false
        }
        place += literal.count
        return true
    }

    /// Where ASCII text ends that stands for itself in JSON: at a quote, a backslash, a control byte, or a byte that
    /// would have to be checked as UTF-8. Unless that is the quote, the bytes that follow will not match.
    @inline(__always)
    private static func endOfPlainText(_ base: UnsafeRawPointer, from start: Int, upTo end: Int) -> Int {
        var place = start
        while place + 8 <= end {
            let stops = stops((base + place).loadUnaligned(as: UInt64.self))
            if stops != 0 { return place + stops.trailingZeroBitCount / 8 }
            place += 8
        }
        while place < end {
            let byte = (base + place).load(as: UInt8.self)
            if byte < 0x20 || byte >= 0x80 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { break }
            place += 1
        }
        return place
    }

    /// Not zero if one of a word's eight bytes is not plain: the highest bit of that byte is set, and perhaps bits above.
    @inline(__always)
    private static func stops(_ word: UInt64) -> UInt64 {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let quote = word ^ (ones &* UInt64(UInt8(ascii: "\"")))
        let slash = word ^ (ones &* UInt64(UInt8(ascii: "\\")))
        // A difference has the highest bit if it is below zero, or if the byte had that bit already, which stops too.
        return ((quote &- ones) | (slash &- ones) | (word &- ones &* 0x20) | word) & ones << 7
    }

    /// As the careful reader demands: 1 to 128 decimal digits.
    @inline(__always)
    private static func isSequenceNumber(_ base: UnsafeRawPointer, _ range: Range<Int>) -> Bool {
        guard range.count > 0, range.count <= 128 else { return false }
        var place = range.lowerBound
        while place + 8 <= range.upperBound {
            let ones: UInt64 = 0x0101_0101_0101_0101
            let digits = (base + place).loadUnaligned(as: UInt64.self) ^ (ones &* UInt64(UInt8(ascii: "0")))
            // Adding 118 takes all above 9 to 128 and more.
            guard ((digits &+ ones &* 118) | digits) & ones << 7 == 0 else { return false }
            place += 8
        }
        while place < range.upperBound {
            guard (base + place).load(as: UInt8.self) &- UInt8(ascii: "0") <= 9 else { return false }
            place += 1
        }
        return true
    }

    /// Whole seconds without a leading zero, and at most three decimals, as milliseconds.
    @inline(__always)
    private static func milliseconds(_ base: UnsafeRawPointer, at place: inout Int, upTo end: Int) -> Int64? {
        let start = place
        var value: Int64 = 0
        while place < end, place - start < 12 {
            let digit = (base + place).load(as: UInt8.self) &- UInt8(ascii: "0")
            guard digit <= 9 else { break }
            value = value &* 10 &+ Int64(digit)
            place += 1
        }
        guard place > start, (base + start).load(as: UInt8.self) != UInt8(ascii: "0") else { return nil }
        var decimals = 0
        if place < end, (base + place).load(as: UInt8.self) == UInt8(ascii: ".") {
            place += 1
            while place < end, decimals < 3 {
                let digit = (base + place).load(as: UInt8.self) &- UInt8(ascii: "0")
                guard digit <= 9 else { break }
                value = value &* 10 &+ Int64(digit)
                place += 1
                decimals += 1
            }
            guard decimals > 0 else { return nil }
        }
        while decimals < 3 {
            value &*= 10
            decimals += 1
        }
        return value
    }
}
