internal import Iceberg

/// Names of the files that hold a shard's records of one partition: `<stream>-<shard>-<first>-<last>.parquet`. The two
/// shard sequence numbers are padded with zeros, so that names sort as numbers do. A file holds every record of its
/// shard and partition from the first to the last.
struct ShardFileName {
    /// Digits of a shard sequence number; one that has more is not padded.
    private static let digits = 56
    private static let suffix = ".parquet"

    /// What the names of all files of the shard start with.
    let prefix: String

    init(stream: String, shard: String) {
        prefix = "\(HiveFolder.escaped(stream))-\(HiveFolder.escaped(shard))-"
    }

    func name(_ range: ClosedRange<SourceOffset>) -> String {
        "\(prefix)\(Self.padded(range.lowerBound))-\(Self.padded(range.upperBound))\(Self.suffix)"
    }

    /// The range of a name that this type has made; nil for any other.
    func range(of name: some StringProtocol) -> ClosedRange<SourceOffset>? {
        guard name.hasPrefix(prefix), name.hasSuffix(Self.suffix) else { return nil }
        let numbers = name.dropFirst(prefix.count).dropLast(Self.suffix.count)
            .split(separator: "-", omittingEmptySubsequences: false)
        guard numbers.count == 2, let first = Self.offset(numbers[0]), let last = Self.offset(numbers[1]),
            first <= last
        else { return nil }
        return first...last
    }

    private static func padded(_ offset: SourceOffset) -> String {
        String(repeating: "0", count: max(0, digits - offset.description.utf8.count)) + offset.description
    }

    private static func offset(_ text: some StringProtocol) -> SourceOffset? {
        guard text.utf8.count >= digits else { return nil }
        let significant = text.drop { $0 == "0" }
        return try? SourceOffset(parsing: significant.isEmpty ? "0" : String(significant))
    }
}
