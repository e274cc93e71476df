internal import AWS
internal import Iceberg

/// Paths of an Iceberg REST catalog below its base path, percent-encoded.
struct RESTPaths {
    /// What the server wants between `/v1` and everything else; it is encoded as the server gave it.
    let prefix: String
    /// What stands between the levels of a namespace, percent-encoded.
    let separator: String

    /// Where the configuration is asked for, before anything is known.
    static let configuration = "/v1/config"
    /// Where tokens are had, unless the settings say otherwise.
    static let tokens = "/v1/oauth/tokens"

    /// Paths as the server's configuration wants them.
    init(_ configuration: [String: String]) {
        let given = configuration["prefix"] ?? ""
        let characters = given.map { character in
            let isPlain = character.utf8.count == 1 && character.utf8.allSatisfy(Self.isPlain)
            return isPlain ? String(character) : PercentEncoding.encode(String(character))
        }
        prefix = characters.joined().split(separator: "/").map { "/" + $0 }.joined()
        let separator = configuration["namespace-separator"].flatMap { PercentEncoding.decode($0) } ?? ""
        self.separator = PercentEncoding.encode(separator.isEmpty ? "\u{1F}" : separator)
    }

    /// All namespaces.
    var namespaces: String { "/v1\(prefix)/namespaces" }

    /// The tables of a namespace, whose levels are separated by dots.
    func tables(in namespace: String) throws(IcebergError) -> String {
        let levels = try Self.levels(of: namespace).map { PercentEncoding.encode($0) }
        return "\(namespaces)/\(levels.joined(separator: separator))/tables"
    }

    /// A table.
    func table(_ table: TableIdentifier) throws(IcebergError) -> String {
        try Self.check("table", table.name)
        return try tables(in: table.namespace) + "/" + PercentEncoding.encode(table.name)
    }

    /// The levels of a namespace.
    /// - Throws: ``IcebergError/Code/invalid`` for a name that no path can hold.
    static func levels(of namespace: String) throws(IcebergError) -> [String] {
        let levels = namespace.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        for level in levels { try check("namespace", level) }
        return levels
    }

    /// A dot alone means a place in a path, not a name.
    private static func check(_ kind: String, _ name: String) throws(IcebergError) {
        guard !name.isEmpty, name != ".", name != ".." else {
            throw IcebergError(.invalid, "the \(kind)'s name is empty, or dots alone", at: name)
        }
    }

    /// Whether a byte stands in a path as it is, or is part of something that is encoded already.
    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: "-._~!$&'()*+,;=:@%/".utf8.contains(byte)
        }
    }
}
