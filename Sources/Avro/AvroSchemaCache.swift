/// The schemas of files read before, by their text. Files of one writer repeat theirs, and parsing it takes far longer
/// than reading a short file.
public struct AvroSchemaCache: Sendable {
    private var known: [(text: [UInt8], schema: AvroSchema)] = []

    /// A table has few: one for manifest lists, and one for each partition spec and writer.
    private static let capacity = 8

    /// A cache that knows no schema yet.
    public init() {}

    /// The schema of a text.
    public mutating func schema(parsing text: [UInt8]) throws(AvroError) -> AvroSchema {
        if let place = known.firstIndex(where: { $0.text == text }) { return known[place].schema }
        let schema = try AvroSchema(parsing: text)
        if known.count == Self.capacity { known.removeFirst() }
        known.append((text, schema))
        return schema
    }
}
