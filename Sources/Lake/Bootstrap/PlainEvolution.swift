internal import Catalogs
internal import Columnar
internal import Iceberg

/// What a table of plain Parquet files in Glue lacks to follow its definition. Files and partitions keep the columns they
/// were written with, so less can change than in an Iceberg table: columns are added behind the others, and comments,
/// owner and parameters follow.
struct PlainEvolution {
    /// What cannot be applied; where there is any, nothing is.
    private(set) var refusals: [TableEvolution.Refusal] = []
    /// What differs and is applied.
    private(set) var differences: [TableEvolution.Difference] = []
    /// The table as it is to be.
    private(set) var result: GluePlainTable

    init(of current: GluePlainTable, to wanted: GluePlainTable, _ definition: TableDefinition) {
        result = current
        let keys = current.partitionKeys.map { "\($0.name) \($0.type)" }
        let wantedKeys = wanted.partitionKeys.map { "\($0.name) \($0.type)" }
        if keys != wantedKeys {
            refuse(
                nil,
                "partition: \(Self.list(keys)) in the table, \(Self.list(wantedKeys)) in the definition, and folders that "
                    + "are there keep their names; make a new table")
        } else {
            comparePartitionComments(wanted)
        }
        compareColumns(wanted, definition)
        // What the definition does not give stays as others have set it.
        result.comment = differ("comment", result.comment, wanted.comment)
        result.owner = differ("owner", result.owner, wanted.owner)
        for (name, value) in wanted.parameters.sorted(by: { $0.key < $1.key }) {
            let old = result.parameters[name]
            guard old != value else { continue }
            differ(.property, "property \(name)", old, value)
            result.parameters[name] = value
        }
    }

    private mutating func compareColumns(_ wanted: GluePlainTable, _ definition: TableDefinition) {
        let keys = Set(result.partitionKeys.map(\.name) + wanted.partitionKeys.map(\.name))
        for column in wanted.columns where !keys.contains(column.name) {
            guard let place = result.columns.firstIndex(where: { $0.name == column.name }) else {
                if definition.column(named: column.name)?.isRequired == true {
                    refuse(
                        column.name,
                        "new, and required: rows that are in the table have no value for it; take \"required\" out of it"
                    )
                } else {
                    differ(.column, "column \(column.name)", nil, column.type)
                    result.columns.append(column)
                }
                continue
            }
            let existing = result.columns[place]
            if existing.type != column.type {
                refuse(
                    column.name,
                    "\(existing.type) in the table, \(column.type) in the definition: files that are there keep their "
                        + "type, and nothing tells readers so")
            }
            if let comment = column.comment, comment != existing.comment {
                differ(.doc, "column \(column.name) doc", existing.comment, comment)
                result.columns[place].comment = comment
            }
        }
        for column in result.columns where !keys.contains(column.name) {
            guard !wanted.columns.contains(where: { $0.name == column.name }) else { continue }
            refuse(
                column.name,
                "only the table has it, and the columns of its partitions would no longer match; put it into the "
                    + "definition")
        }
    }

    private mutating func comparePartitionComments(_ wanted: GluePlainTable) {
        for (place, key) in wanted.partitionKeys.enumerated() {
            let existing = result.partitionKeys[place].comment
            guard let comment = key.comment, comment != existing else { continue }
            differ(.doc, "column \(key.name) doc", existing, comment)
            result.partitionKeys[place].comment = comment
        }
    }

    /// - Returns: what the table is to have: the definition's text, where it gives one.
    private mutating func differ(_ subject: String, _ table: String?, _ definition: String?) -> String? {
        guard let definition, table != definition else { return table }
        differ(.doc, subject, table, definition)
        return definition
    }

    private mutating func differ(
        _ kind: TableEvolution.Difference.Kind, _ subject: String, _ table: String?, _ definition: String?
    ) {
        differences.append(
            TableEvolution.Difference(kind: kind, subject: subject, table: table, definition: definition))
    }

    private mutating func refuse(_ column: String?, _ reason: String) {
        refusals.append(TableEvolution.Refusal(column: column, reason: reason))
    }

    private static func list(_ parts: [String]) -> String { parts.isEmpty ? "none" : parts.joined(separator: ", ") }
}

extension TableDefinition {
    /// This definition as a table of plain Parquet files in Glue.
    /// - Parameter location: the folder of its files, with a slash at its end.
    func plainTable(at location: String) -> GluePlainTable {
        let keys = partition.map(\.column)
        func glueColumn(_ column: ColumnDefinition, _ type: String) -> GluePlainTable.Column {
            GluePlainTable.Column(name: column.name, type: type, comment: column.doc)
        }
        var parameters = properties
        parameters["EXTERNAL"] = "TRUE"
        // Glue's own word for the format of files, so that what must be handled with care goes by another name.
        parameters["classification"] = "parquet"
        for (name, value) in governance {
            parameters[name == TableProperty.classification ? "data_classification" : name] = value
        }
        return GluePlainTable(
            name: identifier.name, comment: doc, owner: owner,
            columns: columns.filter { !keys.contains($0.name) }.map {
                glueColumn($0, GluePlainTable.hiveName(of: $0.type.icebergType))
            },
            partitionKeys: keys.compactMap(column(named:)).map { glueColumn($0, Self.partitionType(of: $0.type)) },
            location: location, parameters: parameters)
    }

    /// The type of a key in Glue: folders are named by text, which is a number or a date only where it is written so.
    private static func partitionType(of type: ColumnType) -> String {
        switch type {
        case .int, .long, .date, .string: GluePlainTable.hiveName(of: type.icebergType)
        case .boolean, .float, .double, .timestamp, .timestamptz, .binary: "string"
        }
    }
}
