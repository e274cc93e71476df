public import AWS
public import Iceberg
public import JSON

/// A table of plain Parquet files as Glue and Athena take it: no commits and no snapshots, and folders named as Hive
/// names partitions (AWS Glue API reference, "TableInput structure").
public struct GluePlainTable: Equatable, Sendable {
    /// A column, or a key of partitions.
    public struct Column: Equatable, Sendable {
        /// The name, in lower case.
        public var name: String
        /// The type in Hive's notation.
        public var type: String
        /// What it says to people.
        public var comment: String?

        /// A column.
        public init(name: String, type: String, comment: String?) {
            self.name = name
            self.type = type
            self.comment = comment.map { GlueText.line($0, GlueText.comment) }.flatMap { $0.isEmpty ? nil : $0 }
        }

        /// Reads one of Glue's; nil if it has no name or no type.
        init?(_ value: JSONValue) {
            guard let name = value["Name"]?.string, let type = value["Type"]?.string else { return nil }
            self.init(name: name.lowercased(), type: type, comment: value["Comment"]?.string)
        }

        /// As Glue takes it.
        var value: JSONValue {
            var members: [(name: String, value: JSONValue)] = [("Name", .string(name)), ("Type", .string(type))]
            if let comment { members.append(("Comment", .string(comment))) }
            return .object(members)
        }
    }

    /// Its name in its database.
    public var name: String
    /// What it says to people.
    public var comment: String?
    /// Who answers for the data.
    public var owner: String?
    /// The columns that the files hold.
    public var columns: [Column]
    /// What folders are named by; the files do not hold these.
    public var partitionKeys: [Column]
    /// The folder of the files, with a slash at its end.
    public var location: String
    /// What else the catalogue says of it, by name.
    public var parameters: [String: String]

    /// A table.
    public init(
        name: String, comment: String?, owner: String?, columns: [Column], partitionKeys: [Column], location: String,
        parameters: [String: String]
    ) {
        self.name = name
        self.comment = comment.map { GlueText.line($0, GlueText.description) }.flatMap { $0.isEmpty ? nil : $0 }
        self.owner = owner.map { GlueText.line($0, GlueText.owner) }.flatMap { $0.isEmpty ? nil : $0 }
        self.columns = columns
        self.partitionKeys = partitionKeys
        self.location = location
        self.parameters = parameters
    }

    /// Reads what Glue has of a table.
    /// - Throws: ``IcebergError/Code/unsupported`` if it is a view, an Iceberg table or one of another format.
    public init(_ table: GlueTable) throws(IcebergError) {
        let descriptor = table.value["StorageDescriptor"]
        if table.type == "VIRTUAL_VIEW" { throw IcebergError(.unsupported, "this is a view, not a table, in Glue") }
        if GlueSwap.isIceberg(table) {
            throw IcebergError(.unsupported, "this is an Iceberg table in Glue, not one of plain Parquet files")
        }
        guard descriptor?["SerdeInfo"]?["SerializationLibrary"]?.string == Self.serialization else {
            throw IcebergError(.unsupported, "this table is not one of plain Parquet files in Glue")
        }
        var parameters: [String: String] = [:]
        for (name, value) in table.value["Parameters"]?.members ?? [] { parameters[name] = value.string }
        self.init(
            name: table.name, comment: table.value["Description"]?.string, owner: table.value["Owner"]?.string,
            columns: (descriptor?["Columns"]?.elements ?? []).compactMap { Column($0) },
            partitionKeys: (table.value["PartitionKeys"]?.elements ?? []).compactMap { Column($0) },
            location: descriptor?["Location"]?.string ?? "", parameters: parameters)
    }

    /// The name of a type in Hive's notation.
    public static func hiveName(of type: Type) -> String { type.hiveName }

    /// Hive's classes for Parquet files, by which Athena reads them too.
    private static let serialization = "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe"
    private static let inputFormat = "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat"
    private static let outputFormat = "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat"

    /// How files are read, as the table and each of its partitions say it.
    /// - Parameter location: the folder of the files: the table's, or a partition's.
    public func storageDescriptor(at location: String) -> JSONValue {
        .object([
            ("Columns", .array(columns.map(\.value))), ("Location", .string(location)),
            ("InputFormat", .string(Self.inputFormat)), ("OutputFormat", .string(Self.outputFormat)),
            ("Compressed", .bool(false)), ("NumberOfBuckets", .integer(-1)),
            (
                "SerdeInfo",
                .object([
                    ("SerializationLibrary", .string(Self.serialization)),
                    ("Parameters", .object([("serialization.format", .string("1"))])),
                ])
            ),
            ("StoredAsSubDirectories", .bool(false)),
        ])
    }

    /// The `TableInput` of a table that Glue does not have yet.
    public var input: JSONValue {
        var members: [(name: String, value: JSONValue)] = [("Name", .string(name))]
        if let comment { members.append(("Description", .string(comment))) }
        if let owner { members.append(("Owner", .string(owner))) }
        members += [
            ("TableType", .string("EXTERNAL_TABLE")), ("PartitionKeys", .array(partitionKeys.map(\.value))),
            ("StorageDescriptor", storageDescriptor(at: location)),
            ("Parameters", .object(parameters.sorted { $0.key < $1.key }.map { ($0.key, .string($0.value)) })),
        ]
        return .object(members)
    }

    /// The `TableInput` that gives an existing table these columns, comments, owner and parameters; all else stays as
    /// Glue has it.
    public func update(of existing: GlueTable) -> JSONValue {
        let set: [(name: String, value: JSONValue)] = [
            ("Description", comment.map { .string($0) } ?? .null), ("Owner", owner.map { .string($0) } ?? .null),
            ("PartitionKeys", .array(partitionKeys.map(\.value))),
        ]
        var members: [(name: String, value: JSONValue)] = [("Name", .string(existing.name))]
        for name in GlueTableInput.kept {
            let value = set.first { $0.name == name }?.value ?? existing.value[name]
            if let value, value != .null { members.append((name, value)) }
        }
        members += [
            ("TableType", .string(existing.type ?? "EXTERNAL_TABLE")),
            (
                "StorageDescriptor",
                GlueTableInput.replacing(
                    existing.value["StorageDescriptor"], [("Columns", .array(columns.map(\.value)))])
            ),
            (
                "Parameters",
                GlueTableInput.replacing(
                    existing.value["Parameters"],
                    parameters.sorted { $0.key < $1.key }.map { ($0.key, .string($0.value)) })
            ),
        ]
        return .object(members)
    }
}
