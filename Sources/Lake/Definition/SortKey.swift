public import Iceberg

/// One key of a table's sort order: `timestamp`, `id_device desc`, `hour(timestamp) asc nulls last`.
public struct SortKey: Equatable, Sendable {
    /// What is compared.
    public let term: ColumnTransform
    /// Which end comes first; ascending unless said otherwise.
    public let direction: SortOrder.Direction
    /// Where nulls go; first in ascending order and last in descending order unless said otherwise.
    public let nullOrder: SortOrder.NullOrder

    static let form =
        "\"column\" or a transform of one, then perhaps \"asc\" or \"desc\", then perhaps \"nulls first\" or \"nulls last\""

    /// Parses one such text; nil if it has another form.
    init?(parsing text: String) {
        // A transform may hold spaces, so words are counted from its closing parenthesis on.
        let end = text.lastIndex(of: ")").map { text.index(after: $0) } ?? text.firstIndex(of: " ") ?? text.endIndex
        guard let term = ColumnTransform(parsing: String(text[..<end])) else { return nil }
        self.term = term
        var words = text[end...].split(separator: " ")[...]
        guard words.isEmpty || text[end] == " " else { return nil }
        var direction = SortOrder.Direction.ascending
        if let named = words.first.flatMap({ SortOrder.Direction(rawValue: String($0)) }) {
            direction = named
            words = words.dropFirst()
        }
        self.direction = direction
        switch words.joined(separator: " ") {
        case "": nullOrder = direction == .ascending ? .first : .last
        case "nulls first": nullOrder = .first
        case "nulls last": nullOrder = .last
        default: return nil
        }
    }
}
