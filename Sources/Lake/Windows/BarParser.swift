internal import JSON

/// Reads records of Alpaca's latest bars, `{"bars":{"BTC/USD":{"t":"2026-11-20T10:00:00Z","c":58002,…},…}}`.
///
/// A bar needs its symbol, `t` as ``TimeFormat/iso8601`` has it, and `c`, a number that is not below zero. All else in a
/// record is checked to be JSON and passed over. Of two members with one name the last holds; but of two bars with one
/// symbol each is a bar of its own.
struct BarParser {
    /// What a record holds.
    struct Record: Equatable {
        /// The good bars, in the record's order.
        var bars: [Bar] = []
        /// What is wrong with the first bad one; nil if none is.
        var fault: RecordError?
    }

    private let lengthUs: Int64
    private let maximumAheadUs: Int64

    init(_ window: WindowDefinition) {
        lengthUs = window.lengthUs
        maximumAheadUs = window.maximumAheadUs
    }

    /// Reads one record.
    /// - Parameter recordTimestampMs: when the source took the record, in milliseconds since the epoch; 0 or less if
    ///   that is not known, and then no bar can be too far ahead of it.
    /// - Throws: why it is no such record at all.
    func parse(_ json: RawSpan, recordTimestampMs: Int64) throws(RecordError) -> Record {
        let record: Result<Record, RecordError>
        do throws(JSONError) {
            record = try read(json, latestUs: latest(recordTimestampMs))
        } catch {
            throw RecordError(.badJSON, at: error.offset, error.reason)
        }
        return try record.get()
    }

    /// The latest time that a bar of a record may have.
    private func latest(_ recordTimestampMs: Int64) -> Int64 {
        guard recordTimestampMs > 0 else { return .max }
        let (latestUs, overflows) = WindowDefinition.microseconds(recordTimestampMs)
            .addingReportingOverflow(maximumAheadUs)
        return overflows ? .max : latestUs
    }

    /// Walks the whole text before any bar is taken from it, so that nothing is taken of a text that is no JSON.
    private func read(_ json: RawSpan, latestUs: Int64) throws(JSONError) -> Result<Record, RecordError> {
        var reader = JSONReader(json)
        guard try reader.peek() == .object else {
            let value = try reader.next()
            try reader.end()
            return .failure(RecordError(.notAnObject, at: value.start, "expected an object"))
        }
        var place: JSONToken?
        try reader.beginObject()
        while let key = try reader.nextKey() {
            let value = try reader.next()
            if reader.equals(key, "bars") { place = value }
        }
        try reader.end()
        guard let place, place.kind != .null else {
            let offset = place?.start ?? json.byteCount
            return .failure(RecordError(.missingField, field: "bars", at: offset, "the bars are missing"))
        }
        guard place.kind == .object else {
            return .failure(RecordError(.wrongType, field: "bars", at: place.start, "expected an object"))
        }
        return .success(try bars(of: json, at: place, latestUs))
    }

    private func bars(of json: RawSpan, at place: JSONToken, _ latestUs: Int64) throws(JSONError) -> Record {
        var reader = JSONReader(json, at: place)
        var record = Record()
        var count = 0
        var first: (number: Int, error: RecordError)?
        try reader.beginObject()
        while let key = try reader.nextKey() {
            count += 1
            switch try bar(key, &reader, latestUs) {
            case .success(let bar): record.bars.append(bar)
            case .failure(let error): if first == nil { first = (count, error) }
            }
        }
        guard let first else { return record }
        let bad = count - record.bars.count
        let others = bad == 1 ? "" : "; \(bad) of \(count) bars are bad"
        record.fault = RecordError(
            first.error.code, field: first.error.field, at: first.error.offset,
            "bar \(first.number): \(first.error.reason)\(others)")
        return record
    }

    /// The bar behind a key, which is consumed.
    private func bar(
        _ key: JSONToken, _ reader: inout JSONReader, _ latestUs: Int64
    ) throws(JSONError) -> Result<Bar, RecordError> {
        guard try reader.peek() == .object else {
            let value = try reader.next()
            return .failure(RecordError(.wrongType, field: "bars", at: value.start, "expected an object"))
        }
        var time: JSONToken?
        var price: JSONToken?
        try reader.beginObject()
        while let name = try reader.nextKey() {
            let value = try reader.next()
            if reader.equals(name, "t") {
                time = value
            } else if reader.equals(name, "c") {
                price = value
            }
        }
        let symbol = QuoteSymbol(parsing: try reader.string(key))
        do throws(RecordError) {
            guard let symbol else {
                throw RecordError(
                    .badSymbol, field: "bars", at: key.start,
                    "the symbol is not two names with one slash between them, of \(QuoteSymbol.longest) bytes at most")
            }
            let (timeUs, window) = try self.time(time, reader, latestUs)
            let price = try self.price(price, reader)
            return .success(Bar(symbol: symbol, timeUs: timeUs, price: price, window: window))
        } catch {
            return .failure(error)
        }
    }

    /// The time of a bar that has been read, and its window.
    private func time(
        _ token: JSONToken?, _ reader: JSONReader, _ latestUs: Int64
    ) throws(RecordError) -> (timeUs: Int64, QuoteWindow) {
        guard let token, token.kind != .null else {
            throw RecordError(.missingField, field: "t", at: token?.start ?? reader.position, "the time is missing")
        }
        guard token.kind == .string else {
            throw RecordError(.wrongType, field: "t", at: token.start, "expected a string with a time")
        }
        guard let timeUs = Self.microseconds(token, reader) else {
            throw RecordError(
                .badTimestamp, field: "t", at: token.start, "the time is not written as \(TimeFormat.iso8601.name)")
        }
        guard CalendarTime.range.contains(timeUs), let window = QuoteWindow(holding: timeUs, lengthUs: lengthUs) else {
            throw RecordError(
                .outOfRange, field: "t", at: token.start, "the time's window does not lie within the years 1 to 9999")
        }
        guard timeUs <= latestUs else {
            throw RecordError(
                .tooFarAhead, field: "t", at: token.start,
                "the time is more than \(maximumAheadUs / 1_000_000) s ahead of the record's own")
        }
        return (timeUs, window)
    }

    private static func microseconds(_ token: JSONToken, _ reader: JSONReader) -> Int64? {
        guard token.hasEscapes else {
            return reader.bytes.extracting(token.start..<token.end).withUnsafeBytes {
                TimeParser.parse($0, as: .iso8601)
            }
        }
        guard var text = try? reader.string(token) else { return nil }
        return text.withUTF8 { TimeParser.parse(UnsafeRawBufferPointer($0), as: .iso8601) }
    }

    /// The price of a bar that has been read.
    private func price(_ token: JSONToken?, _ reader: JSONReader) throws(RecordError) -> Double {
        guard let token, token.kind != .null else {
            throw RecordError(.missingField, field: "c", at: token?.start ?? reader.position, "the price is missing")
        }
        guard token.kind == .number else {
            throw RecordError(.wrongType, field: "c", at: token.start, "expected a number")
        }
        guard let price = try? reader.double(token), price.isFinite else {
            throw RecordError(.outOfRange, field: "c", at: token.start, "the price does not fit a double")
        }
        guard price >= 0 else {
            throw RecordError(.outOfRange, field: "c", at: token.start, "the price is below zero")
        }
        // Of −0 and 0 neither is the larger, and only one of them can be in the table.
        return price.magnitude
    }
}
