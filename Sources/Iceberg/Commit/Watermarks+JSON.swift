internal import JSON

extension Watermarks {
    /// The compact JSON of a snapshot summary: `{"shard":["previous","first","last",maximum timestamp],…}`, shards in
    /// order, `null` where there is no previous. Offsets are strings, because JSON readers round long numbers.
    public func serialized() -> String {
        var writer = JSONWriter()
        writer.object { writer in
            for (shard, watermark) in shards.sorted(by: { $0.key < $1.key }) {
                writer.member(shard) { writer in
                    writer.array { writer in
                        if let previous = watermark.previous {
                            writer.string(previous.description)
                        } else {
                            writer.null()
                        }
                        writer.string(watermark.first.description)
                        writer.string(watermark.last.description)
                        writer.integer(watermark.maximumTimestampMs)
                    }
                }
            }
        }
        return writer.text
    }

    /// Reads what ``serialized()`` wrote.
    /// - Throws: ``IcebergError/Code/malformed`` for anything else: damage must not pass for a source never seen.
    public init(source: String, parsing text: String) throws(IcebergError) {
        self.init(source: source)
        let value: JSONValue
        do {
            value = try JSONValue(parsing: Array(text.utf8))
        } catch {
            throw Self.damaged(source, "\(error)")
        }
        guard let members = value.members else { throw Self.damaged(source, "an object was expected") }
        for (shard, entry) in members {
            guard let parts = entry.elements, parts.count == 4, let first = parts[1].string,
                let last = parts[2].string, let timestamp = parts[3].integer,
                parts[0] == .null || parts[0].string != nil, shards[shard] == nil
            else { throw Self.damaged(source, "shard \(shard) must have one list of four values") }
            let watermark: Watermark
            do {
                var previous: SourceOffset?
                if let text = parts[0].string { previous = try SourceOffset(parsing: text) }
                watermark = Watermark(
                    previous: previous, first: try SourceOffset(parsing: first), last: try SourceOffset(parsing: last),
                    maximumTimestampMs: timestamp)
            } catch {
                throw Self.damaged(source, "shard \(shard): \(error.message)")
            }
            guard watermark.first <= watermark.last, watermark.previous.map({ $0 < watermark.first }) ?? true else {
                throw Self.damaged(source, "the offsets of shard \(shard) are out of order")
            }
            shards[shard] = watermark
        }
    }

    private static func damaged(_ source: String, _ reason: String) -> IcebergError {
        IcebergError(
            .malformed, "the stored offsets are damaged: \(reason); nothing is taken, as rows could be lost or doubled",
            at: keyPrefix + source)
    }
}
