/// One change of a table's columns, layout or properties, which no row is rewritten for ("Schema Evolution", "Partition
/// Evolution"). Columns are named as they are called when the change is applied.
public enum TableChange: Equatable, Sendable {
    /// Adds an optional column behind the others, with a new field id; the ids inside a nested type are replaced too.
    case addColumn(name: String, type: Type, doc: String?)
    /// Gives a column a wider type: int to long, float to double, or a decimal more digits before its point.
    case widenColumn(name: String, to: Type)
    /// Lets a required column hold nulls.
    case makeOptional(name: String)
    /// Sets a column's comment, or removes it.
    case setDoc(column: String, doc: String?)
    /// Removes a column. Its values stay in the files, and no later column gets them, whatever its name.
    case dropColumn(name: String)
    /// Partitions what is written from now on by these terms alone; none for an unpartitioned table.
    case setPartition([PartitionTerm])
    /// Sorts what is written from now on by these terms alone; none for an unsorted table.
    case setSortOrder([SortTerm])
    /// Sets table properties.
    case setProperties([String: String])
    /// Removes table properties; one that is not there is no fault.
    case removeProperties([String])
}

/// One field of a partition spec, by its column's name.
public struct PartitionTerm: Hashable, Sendable {
    /// The column's name.
    public var column: String
    /// How the value is made.
    public var transform: Transform
    /// The partition field's name.
    public var name: String

    /// A term.
    public init(column: String, transform: Transform, name: String) {
        self.column = column
        self.transform = transform
        self.name = name
    }
}

/// One key of a sort order, by its column's name.
public struct SortTerm: Hashable, Sendable {
    /// The column's name.
    public var column: String
    /// What is compared.
    public var transform: Transform
    /// Which end comes first.
    public var direction: SortOrder.Direction
    /// Where nulls go.
    public var nullOrder: SortOrder.NullOrder

    /// A term.
    public init(
        column: String, transform: Transform, direction: SortOrder.Direction, nullOrder: SortOrder.NullOrder
    ) {
        self.column = column
        self.transform = transform
        self.direction = direction
        self.nullOrder = nullOrder
    }
}

extension TableChange: CustomStringConvertible {
    /// The change in words, such as `widen column quantity to long`.
    public var description: String {
        switch self {
        case .addColumn(let name, let type, _): "add column \(name) (\(type.words))"
        case .widenColumn(let name, let type): "widen column \(name) to \(type.words)"
        case .makeOptional(let name): "make column \(name) optional"
        case .setDoc(let column, let doc): "\(doc == nil ? "remove" : "set") the comment of column \(column)"
        case .dropColumn(let name): "drop column \(name)"
        case .setPartition(let terms):
            "partition by \(Self.list(terms.map { "\($0.transform) of \($0.column) as \($0.name)" }))"
        case .setSortOrder(let terms):
            "sort by \(Self.list(terms.map { "\($0.transform) of \($0.column) \($0.direction.rawValue)" }))"
        case .setProperties(let properties): "set properties \(Self.list(properties.keys.sorted()))"
        case .removeProperties(let names): "remove properties \(Self.list(names.sorted()))"
        }
    }

    private static func list(_ words: [String]) -> String { words.isEmpty ? "nothing" : words.joined(separator: ", ") }
}

extension Type {
    /// The type in a word; what is inside a nested type is left out.
    var words: String {
        switch self {
        case .struct: "struct"
        case .list: "list"
        case .map: "map"
        default: name ?? "unknown"
        }
    }
}
