/// Reads the bars of records as events carry them: in base64, and perhaps in a schema registry's frame. Its buffer is
/// reused from record to record.
struct BarDecoder: ~Copyable {
    private let parser: BarParser
    private var record = RecordBuffer()

    init(_ window: WindowDefinition) { parser = BarParser(window) }

    /// Reads one record.
    /// - Parameter recordTimestampMs: as ``BarParser/parse(_:recordTimestampMs:)`` has it.
    /// - Throws: why it is no record of bars at all.
    mutating func decode(base64 text: RawSpan, recordTimestampMs: Int64) throws(RecordError) -> BarParser.Record {
        try record.fill(base64: text)
        guard let frame = try SchemaRegistryFrame(of: record.bytes.bytes) else {
            return try parser.parse(record.bytes.bytes, recordTimestampMs: recordTimestampMs)
        }
        do throws(RecordError) {
            let payload = record.bytes.bytes.extracting(droppingFirst: frame.length)
            var bars = try parser.parse(payload, recordTimestampMs: recordTimestampMs)
            bars.fault = bars.fault.map(frame.explain)
            return bars
        } catch {
            throw frame.explain(error)
        }
    }
}
