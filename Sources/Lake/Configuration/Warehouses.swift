internal import AWS
internal import Iceberg

/// Where the folders of tables lie, each location without a slash at its end.
public struct Warehouses: Equatable, Sendable {
    /// Where tables lie that nothing gives another place. For a REST catalog, its name of the warehouse, which may be
    /// empty.
    public let standard: String
    /// Where tables of a layer lie that has a warehouse of its own.
    public let layers: [TableLayer: String]

    /// Warehouses.
    public init(_ standard: String, layers: [TableLayer: String] = [:]) {
        self.standard = standard
        self.layers = layers
    }

    /// The warehouse of a table: its own, its layer's, or the standard one.
    public func warehouse(of table: TableDefinition) -> String {
        table.warehouse ?? table.layer.flatMap { layers[$0] } ?? standard
    }

    /// The folder of a table that is made now.
    public func folder(of table: TableDefinition) -> String {
        "\(warehouse(of: table))/\(table.identifier.namespace)/\(table.identifier.name)"
    }

    /// The folder of the files of a table of plain Parquet files.
    /// - Throws: ``IcebergError/Code/unsupported`` where the warehouse is a REST catalog's name for one: such a catalog
    ///   gives places to its own tables alone.
    func dataFolder(of table: TableDefinition) throws(IcebergError) -> String {
        let folder = folder(of: table)
        guard folder.holds("://") else {
            throw IcebergError(
                .unsupported,
                "LAKE_WAREHOUSE is a REST catalog's name and no place for plain Parquet files: give the table a "
                    + "\"warehouse\", s3://bucket/prefix", at: "\(table.identifier)")
        }
        return folder + "/data"
    }
}
