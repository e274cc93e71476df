internal import Calendar
internal import Columnar
internal import JSON

extension RecordDecoder {
    /// Days since 1970-01-01.
    mutating func date(_ slot: UnsafePointer<RecordSlot>, _ column: Int) throws(RecordError) -> Int32 {
        if plans[column].timeFormat == .iso8601, slot.pointee.kind == .string {
            let text = slot.pointee.hasEscapes ? unescape(slot) : text(slot)
            // The plain day is by far the usual way to write one.
            if let day = TimeParser.parse(text, as: .day) {
                return Int32(truncatingIfNeeded: floorDivide(day, microsecondsPerDay))
            }
        }
        let microseconds = try timestamp(slot, column)
        return Int32(truncatingIfNeeded: floorDivide(microseconds, microsecondsPerDay))
    }

    /// Microseconds since 1970-01-01T00:00:00Z.
    @inline(__always)
    mutating func timestamp(_ slot: UnsafePointer<RecordSlot>, _ column: Int) throws(RecordError) -> Int64 {
        if let scale = plans[column].timeFormat.epochScale { return try epoch(slot, column, scale) }
        guard slot.pointee.kind == .string else { throw wrongType(slot, column, "a string with a time") }
        guard
            let time = TimeParser.parse(
                slot.pointee.hasEscapes ? unescape(slot) : text(slot), as: plans[column].timeFormat)
        else {
            throw badTimestamp(slot, column, plans[column].timeFormat)
        }
        guard CalendarTime.range.contains(time) else { throw outOfRange(slot, column, "the years 1 to 9999") }
        return time
    }

    /// A number, or a string that holds one and nothing else.
    private mutating func epoch(
        _ slot: UnsafePointer<RecordSlot>, _ column: Int, _ scale: Int
    ) throws(RecordError) -> Int64 {
        let number: JSONNumber
        if slot.pointee.kind == .string {
            guard let parsed = JSONNumber(parsing: slot.pointee.hasEscapes ? unescape(slot) : text(slot)) else {
                throw badTimestamp(slot, column, plans[column].timeFormat)
            }
            number = parsed
        } else {
            number = try self.number(slot, column, "a number or a string with one")
        }
        guard let time = number.truncated(timesTenTo: scale), CalendarTime.range.contains(time) else {
            throw outOfRange(slot, column, "the years 1 to 9999")
        }
        return time
    }

    private func badTimestamp(
        _ slot: UnsafePointer<RecordSlot>, _ column: Int, _ format: TimeFormat
    ) -> RecordError {
        RecordError(
            .badTimestamp, field: columns[column].field.name, at: slot.pointee.offset,
            "not a time written as \(format.name)")
    }
}
