public import JSON

/// A table as Glue describes it (AWS Glue API reference, "Table structure"): kept whole, because an update replaces
/// everything that it does not repeat.
public struct GlueTable: Equatable, Sendable {
    /// The table's name.
    public let name: String
    /// All that Glue said of it.
    public let value: JSONValue

    /// Reads one element of a reply; nil if it is no table.
    public init?(_ value: JSONValue) {
        guard let name = value["Name"]?.string, !name.isEmpty else { return nil }
        self.name = name
        self.value = value
    }

    /// The opaque id of this version, which an update names so that no other one is overwritten.
    public var versionID: String? { value["VersionId"]?.string }
    /// `EXTERNAL_TABLE`, `VIRTUAL_VIEW` and others; nil if it was made without.
    public var type: String? { value["TableType"]?.string }

    /// A parameter's value.
    public func parameter(_ name: String) -> String? { value["Parameters"]?[name]?.string }
}
