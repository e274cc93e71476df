internal import Columnar

extension ColumnSource {
    /// The forms of it that are no member's name.
    private static let forms = ["@key", "@header:NAME", "@topic", "@partition", "@offset", "@timestamp"]

    init?(parsing value: DefinitionValue) {
        guard let text = value.string() else { return nil }
        switch text {
        case "@key": self = .key
        case "@topic": self = .topic
        case "@partition": self = .partition
        case "@offset": self = .offset
        case "@timestamp": self = .timestamp
        case _ where text.hasPrefix("@header:") && text.utf8.count > "@header:".utf8.count:
            self = .header(String(text.dropFirst("@header:".count)))
        case _ where text.isEmpty || text.hasPrefix("@"):
            value.complain(
                "\"\(text)\" is no part of a record: write the name of a member, or one of "
                    + Self.forms.joined(separator: ", "))
            return nil
        default: self = .member(text)
        }
    }

    /// The types of columns that it can fill.
    var allowedTypes: [ColumnType] {
        switch self {
        case .member: ColumnType.allCases
        case .key, .header: [.string, .binary]
        case .topic: [.string]
        case .partition: [.int, .string]
        case .offset: [.long, .string]
        case .timestamp: [.timestamp]
        }
    }

    /// Whether it is a member of the record's JSON, whose text a `timeFormat` may describe.
    var isMember: Bool {
        if case .member = self { true } else { false }
    }

    /// Why no Kinesis record fills a column of this type from it; nil if one does.
    func problemWithKinesis(_ type: ColumnType) -> String? {
        switch self {
        case .header: "records of Kinesis have no headers"
        case .partition where type == .int: "a shard's id is text"
        case .offset where type == .long: "a shard sequence number has more digits than a long"
        default: nil
        }
    }
}
