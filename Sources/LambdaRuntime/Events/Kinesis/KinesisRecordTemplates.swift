/// The shapes of the records that a batch has shown last: producers differ in what they send, and their records stand
/// mixed in one shard.
struct KinesisRecordTemplates {
    /// Shapes that are tried before a record is read with care.
    private static let most = 4

    private var templates: [KinesisRecordTemplate] = []
    /// The one that matched last, which is tried first.
    private var latest = 0

    /// A record at a place of the buffer that has a known shape, and where its text ends; nil if it has another.
    mutating func match(
        _ bytes: UnsafeRawBufferPointer, at start: Int, upTo end: Int
    ) -> (record: KinesisRecord, end: Int)? {
        for attempt in templates.indices {
            let index = (latest + attempt) % templates.count
            if let found = templates[index].match(bytes, at: start, upTo: end) {
                latest = index
                return found
            }
        }
        return nil
    }

    /// Remembers another shape, in the place of the one that was made longest ago if there are too many.
    mutating func keep(_ template: KinesisRecordTemplate) {
        if templates.count == Self.most { templates.removeFirst() }
        templates.append(template)
        latest = templates.count - 1
    }
}
