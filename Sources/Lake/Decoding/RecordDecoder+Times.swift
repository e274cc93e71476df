internal import Columnar
internal import JSON

extension RecordDecoder {
    /// Days since 1970-01-01.
    mutating func date(_ slot: RecordSlot, _ decoding: ColumnDecoding) throws(RecordError) -> Int32 {
        let format = decoding.timeFormat
        guard format == .iso8601 || format == .day else {
            let microseconds = try timestamp(slot, decoding)
            return Int32(truncatingIfNeeded: CalendarTime.days(ofMicroseconds: microseconds))
        }
        guard slot.kind == .string else { throw wrongType(slot, decoding, "a string with a date") }
        guard let time = TimeParser.parse(slot.hasEscapes ? unescape(slot) : text(slot), as: .day) else {
            throw badTimestamp(slot, decoding, .day)
        }
        return Int32(truncatingIfNeeded: CalendarTime.days(ofMicroseconds: time))
    }

    /// Microseconds since 1970-01-01T00:00:00Z.
    @inline(__always)
    mutating func timestamp(_ slot: RecordSlot, _ decoding: ColumnDecoding) throws(RecordError) -> Int64 {
        if let scale = decoding.timeFormat.epochScale { return try epoch(slot, decoding, scale) }
        guard slot.kind == .string else { throw wrongType(slot, decoding, "a string with a time") }
        guard let time = TimeParser.parse(slot.hasEscapes ? unescape(slot) : text(slot), as: decoding.timeFormat) else {
            throw badTimestamp(slot, decoding, decoding.timeFormat)
        }
        guard CalendarTime.range.contains(time) else { throw outOfRange(slot, decoding, "the years 1 to 9999") }
        return time
    }

    /// A number, or a string that holds one and nothing else.
    private mutating func epoch(
        _ slot: RecordSlot, _ decoding: ColumnDecoding, _ scale: Int
    ) throws(RecordError) -> Int64 {
        let number: JSONNumber
        if slot.kind == .string {
            guard let parsed = JSONNumber(parsing: slot.hasEscapes ? unescape(slot) : text(slot)) else {
                throw badTimestamp(slot, decoding, decoding.timeFormat)
            }
            number = parsed
        } else {
            number = try self.number(slot, decoding, "a number or a string with one")
        }
        guard let time = number.truncated(timesTenTo: scale), CalendarTime.range.contains(time) else {
            throw outOfRange(slot, decoding, "the years 1 to 9999")
        }
        return time
    }

    private func badTimestamp(
        _ slot: RecordSlot, _ decoding: ColumnDecoding, _ format: TimeFormat
    ) -> RecordError {
        RecordError(
            .badTimestamp, field: decoding.field.name, at: slot.offset, "not a time written as \(format.name)")
    }
}
