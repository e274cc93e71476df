internal import JSON

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
        record.prepare(Base64.maximumCount(text.byteCount))
        let target = record.base
        do throws(Base64Error) {
            record.finish(
                try text.withUnsafeBytes { (bytes) throws(Base64Error) in try Base64.decode(bytes, to: target) })
        } catch {
            throw RecordError(.badBase64, at: error.offset, error.reason)
        }
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
