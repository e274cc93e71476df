/// How much of a column's statistics goes into manifests.
public enum MetricsMode: Hashable, Sendable {
    /// Nothing.
    case none
    /// Counts of values, nulls and NaN.
    case counts
    /// Counts, and bounds cut to this many code points of text or bytes of binary.
    case truncate(length: Int)
    /// Counts, and whole bounds.
    case full

    /// What Iceberg's writers use where a table says nothing.
    public static let standard = MetricsMode.truncate(length: 16)

    /// A mode as table properties name it, such as `truncate(16)`; nil for anything else.
    public init?(parsing text: String) {
        switch text.lowercased() {
        case "none": self = .none
        case "counts": self = .counts
        case "full": self = .full
        case let text:
            guard text.hasPrefix("truncate("), text.hasSuffix(")"),
                let length = Int(text.dropFirst(9).dropLast()), length > 0
            else { return nil }
            self = .truncate(length: length)
        }
    }
}

/// The metrics mode of each column of a table.
public struct MetricsConfiguration: Sendable {
    private let standard: MetricsMode
    private let columns: [String: MetricsMode]

    private static let defaultKey = "write.metadata.metrics.default"
    private static let columnPrefix = "write.metadata.metrics.column."

    /// Reads the table properties `write.metadata.metrics.default` and `write.metadata.metrics.column.<name>`. A mode
    /// that is not known counts as not given, so that a misspelt property never stops a writer.
    public init(properties: [String: String]) {
        standard = properties[Self.defaultKey].flatMap(MetricsMode.init(parsing:)) ?? .standard
        var columns: [String: MetricsMode] = [:]
        for (key, value) in properties where key.hasPrefix(Self.columnPrefix) {
            columns[String(key.dropFirst(Self.columnPrefix.count))] = MetricsMode(parsing: value)
        }
        self.columns = columns
    }

    /// The mode of a column.
    public func mode(of column: String) -> MetricsMode { columns[column] ?? standard }
}
