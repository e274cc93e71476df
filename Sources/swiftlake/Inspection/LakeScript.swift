internal import Foundation
internal import Iceberg
internal import Lake

/// A script that shows a lake to DuckDB: a schema for each database, a view for each table as it is now, and the lake's
/// own views.
struct LakeScript {
    private let tables: [InspectedTable]
    private let plain: [(table: TableDefinition, folder: String)]
    private let views: [StoredViews.View]
    private let name: String

    /// Reads the lake.
    init(_ place: LakePlace) throws {
        name = place.name
        tables = try LakeInspector(place).tables()
        views = try StoredViews(place).views
        let definition = try? place.definition()
        plain = (definition?.tables ?? []).filter { $0.format == .parquet }.map {
            ($0, place.settings.warehouses.folder(of: $0))
        }
    }

    /// The script's statements, with comments between them.
    var text: String {
        var lines = ["-- The lake \(name.replacing("\n", with: " ")) for DuckDB, as it is now: duckdb -init FILE"]
        lines += ["INSTALL iceberg;", "LOAD iceberg;"]
        if isOfS3 {
            lines += [
                "-- Files lie in S3: DuckDB signs with the credentials that the AWS SDKs find, in the region they name.",
                "INSTALL httpfs;", "LOAD httpfs;", "INSTALL aws;", "LOAD aws;",
                "CREATE OR REPLACE SECRET lake (TYPE s3, PROVIDER credential_chain);",
            ]
        }
        for database in databases { lines.append("CREATE SCHEMA IF NOT EXISTS \(ShellText.identifier(database));") }
        for table in tables { lines.append(Self.view(table.identifier, Self.query(table))) }
        for (table, folder) in plain { lines.append(Self.view(table.identifier, Self.query(table, folder))) }
        // A view may read another; the lake does not say in which order they were made.
        for view in ordered { lines.append(Self.view(view.identifier, "\n\(view.sql)\n")) }
        return lines.joined(separator: "\n") + "\n"
    }

    private var isOfS3: Bool {
        tables.contains { $0.metadataLocation.hasPrefix("s3:") } || plain.contains { $0.folder.hasPrefix("s3:") }
    }

    private var databases: [String] {
        let identifiers = tables.map(\.identifier) + plain.map(\.table.identifier) + views.map(\.identifier)
        return Set(identifiers.map(\.namespace)).sorted()
    }

    /// The views, each after those whose names its query mentions.
    private var ordered: [StoredViews.View] {
        var rest = views
        var ordered: [StoredViews.View] = []
        while !rest.isEmpty {
            let place =
                rest.firstIndex { view in
                    !rest.contains { $0.identifier != view.identifier && view.sql.contains("\($0.identifier)") }
                } ?? 0
            ordered.append(rest.remove(at: place))
        }
        return ordered
    }

    private static func view(_ identifier: TableIdentifier, _ query: String) -> String {
        "CREATE OR REPLACE VIEW \(ShellText.identifier(identifier.namespace)).\(ShellText.identifier(identifier.name)) AS \(query);"
    }

    /// What reads an Iceberg table. One without a snapshot has no rows, and DuckDB does not open it.
    private static func query(_ table: InspectedTable) -> String {
        guard table.metadata.currentSnapshot == nil else {
            return "SELECT * FROM iceberg_scan(\(ShellText.sql(path(table.metadataLocation))))"
        }
        let fields = table.metadata.currentSchema?.fields ?? []
        return empty(fields.map { ($0.name, $0.type.duckDB) })
    }

    /// What reads a table of plain Parquet files; one that has no file yet has no rows.
    private static func query(_ table: TableDefinition, _ folder: String) -> String {
        let path = path(folder)
        let columns = table.columns.map { (name: $0.name, type: $0.type.icebergType.duckDB) }
        let isEmpty = !folder.hasPrefix("s3:") && !hasFile(path)
        if isEmpty { return empty(columns) }
        let partition = Set(table.partition.map(\.column))
        let types = partition.sorted().map { "\(ShellText.sql($0)): VARCHAR" }.joined(separator: ", ")
        let hive = types.isEmpty ? "" : ", hive_partitioning = true, hive_types = {\(types)}"
        let values = table.columns.map {
            partition.contains($0.name) ? folderValue($0) : ShellText.identifier($0.name)
        }
        let files = ShellText.sql(path + "/**/*.parquet")
        return "SELECT \(values.joined(separator: ", ")) FROM read_parquet(\(files)\(hive), union_by_name = true)"
    }

    /// What a folder's name says of a column: a time as the column's format writes it, anything else as DuckDB reads it.
    private static func folderValue(_ column: ColumnDefinition) -> String {
        let name = ShellText.identifier(column.name)
        func microseconds(_ factor: String) -> String {
            "make_timestamp(CAST(CAST(\(name) AS DECIMAL(28, 6)) * \(factor) AS BIGINT))"
        }
        let type = column.type.icebergType.duckDB
        guard column.type.icebergType == .timestamp else { return "CAST(\(name) AS \(type)) AS \(name)" }
        let value =
            switch column.timeFormat {
            case .hour: "CAST(\(name) || ':00' AS \(type))"
            case .epochSeconds: microseconds("1000000")
            case .epochMilliseconds: microseconds("1000")
            case .epochMicroseconds: microseconds("1")
            default: "CAST(\(name) AS \(type))"
            }
        return "\(value) AS \(name)"
    }

    private static func hasFile(_ folder: String) -> Bool {
        guard let files = FileManager.default.enumerator(atPath: folder) else { return false }
        for case let file as String in files where file.hasSuffix(".parquet") { return true }
        return false
    }

    private static func empty(_ columns: [(name: String, type: String)]) -> String {
        let values = columns.map { "CAST(NULL AS \($0.type)) AS \(ShellText.identifier($0.name))" }
        return "SELECT \(values.joined(separator: ", ")) WHERE false"
    }

    /// The path of a location on this machine, which DuckDB knows by no scheme; other locations as they are.
    private static func path(_ location: String) -> String {
        location.hasPrefix("file://") ? String(location.dropFirst("file://".count)) : location
    }
}
