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
}
