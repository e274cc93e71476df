internal import JSON

extension Alert {
    /// The row of the table as a JSON object, its times in ISO 8601.
    var json: String {
        var writer = JSONWriter()
        writer.object { writer in
            writer.member(AlertTable.alertID, id)
            writer.member(AlertTable.rule, rule)
            writer.member(AlertTable.kind, kind)
            writer.member(AlertTable.key, key)
            if let column { writer.member(AlertTable.columnName, column) }
            writer.member(AlertTable.value, value)
            writer.member(AlertTable.bound, bound)
            writer.member(AlertTable.message, message)
            writer.member(AlertTable.readingAt, AlertWords.time(us: readingUs))
            writer.member(AlertTable.detectedAt, AlertWords.time(us: detectedMs * 1000))
            writer.member(AlertTable.stream, stream)
            writer.member(AlertTable.shard, shard)
            if let sequenceNumber { writer.member(AlertTable.sequenceNumber, sequenceNumber) }
        }
        return writer.text
    }
}
