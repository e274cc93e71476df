internal import Iceberg

extension LakeConfiguration {
    /// Refuses a table that lies in S3 by its own word where nothing else of the lake is a service's: S3 is not reached
    /// then, and the table's files would have no place to go.
    /// - Throws: ``IcebergError/Code/invalid`` for the first such table.
    func refuseUnreachable(_ tables: [TableDefinition]) throws(IcebergError) {
        guard !usesServices else { return }
        for table in tables {
            let places = [
                table.warehouse, table.properties[TableProperty.dataPath],
                table.properties[TableProperty.metadataPath],
            ]
            guard let place = places.lazy.compactMap(\.self).first(where: { $0.hasPrefix("s3://") }) else { continue }
            throw IcebergError(
                .invalid,
                "lake.json puts the table in \(place), but catalog and warehouses of this lake are on this machine, and so "
                    + "S3 is not reached: set LAKE_WAREHOUSE or the warehouse of a layer to a place in S3, or let the "
                    + "table lie on this machine",
                at: "\(table.identifier)")
        }
    }
}
