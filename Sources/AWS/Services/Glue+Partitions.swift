public import JSON

/// A partition of a table that is not Iceberg's, such as a folder of an hour's files.
public struct GluePartition: Equatable, Sendable {
    /// The values of the partition keys, in their order.
    public var values: [String]
    /// Where its files lie, and how they are read (AWS Glue API reference, "StorageDescriptor structure").
    public var storageDescriptor: JSONValue
    /// Its parameters.
    public var parameters: [String: String]

    /// A partition.
    public init(values: [String], storageDescriptor: JSONValue, parameters: [String: String] = [:]) {
        self.values = values
        self.storageDescriptor = storageDescriptor
        self.parameters = parameters
    }

    /// Reads one element of a reply; nil if it is no partition.
    init?(_ value: JSONValue) {
        guard let elements = value["Values"]?.elements else { return nil }
        let values = elements.compactMap(\.string)
        guard values.count == elements.count else { return nil }
        var parameters: [String: String] = [:]
        for (name, value) in value["Parameters"]?.members ?? [] { parameters[name] = value.string }
        self.init(
            values: values, storageDescriptor: value["StorageDescriptor"] ?? .object([]), parameters: parameters)
    }

    /// The `PartitionInput`.
    var input: JSONValue {
        let parameters = parameters.sorted { $0.key < $1.key }.map { (name: $0.key, value: JSONValue.string($0.value)) }
        return .object([
            ("Values", .array(values.map { .string($0) })), ("StorageDescriptor", storageDescriptor),
            ("Parameters", .object(parameters)),
        ])
    }
}

/// A partition that could not be made.
public struct GluePartitionFailure: Equatable, Sendable {
    /// The values of its keys.
    public let values: [String]
    /// Glue's name of the fault.
    public let code: String
    /// What Glue said.
    public let message: String

    /// A partition that could not be made.
    public init(values: [String], code: String, message: String) {
        self.values = values
        self.code = code
        self.message = message
    }
}

extension Glue {
    /// Partitions of one call of BatchCreatePartition; Glue allows no more.
    private static let partitionsPerCall = 100
    /// Partitions of one page of GetPartitions; Glue allows no more.
    private static let partitionsPerPage = 1000

    /// Makes partitions. One that exists already counts as made.
    /// - Returns: those that Glue refused.
    /// - Throws: the first call's error; partitions of the calls before it have been made.
    public func createPartitions(
        _ partitions: [GluePartition], of table: String, in database: String
    ) throws(ServiceError) -> [GluePartitionFailure] {
        var failures: [GluePartitionFailure] = []
        var rest = partitions[...]
        while !rest.isEmpty {
            let batch = rest.prefix(Self.partitionsPerCall)
            rest = rest.dropFirst(batch.count)
            // Sent twice, it finds its own partitions there.
            let call = request("BatchCreatePartition", isIdempotent: true) { writer in
                writer.member("DatabaseName", database)
                writer.member("TableName", table)
                writer.member("PartitionInputList", .array(batch.map(\.input)))
            }
            let (_, reply) = try client.object(call)
            failures += (reply["Errors"]?.elements ?? []).compactMap { error in
                let code = error["ErrorDetail"]?["ErrorCode"]?.string ?? ""
                guard code != "AlreadyExistsException" else { return nil }
                return GluePartitionFailure(
                    values: (error["PartitionValues"]?.elements ?? []).compactMap(\.string), code: code,
                    message: error["ErrorDetail"]?["ErrorMessage"]?.string ?? "")
            }
        }
        return failures
    }

    /// A table's partitions.
    /// - Parameter expression: which ones, in Glue's filter language; nil for all.
    public func partitions(
        of table: String, in database: String, where expression: String? = nil
    ) throws(ServiceError) -> [GluePartition] {
        try pages(
            "GetPartitions", "Partitions", size: Self.partitionsPerPage,
            { writer in
                writer.member("DatabaseName", database)
                writer.member("TableName", table)
                if let expression { writer.member("Expression", expression) }
                // What a table has many of is asked for without the columns, which all share.
                writer.member("ExcludeColumnSchema", true)
            }
        ) { GluePartition($0) }
    }
}
