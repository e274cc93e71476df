internal import Glibc
internal import Iceberg

/// Tells a lake that is new from one whose catalog is lost. Empty tables in place of those that the catalog knew would
/// hide their rows, and take every record as if it were the first.
enum CatalogLoss {
    /// Refuses a catalog that is about to be made although the warehouse holds tables with a history.
    ///
    /// Only a catalog's file that is missing or empty is new. One that lost single tables cannot be told from one where
    /// they were dropped: that leaves their files too, and the next event makes them anew.
    /// - Throws: ``IcebergError/Code/alreadyExists``.
    static func refuse(
        _ path: String, _ definition: LakeDefinition, _ warehouses: Warehouses, store: some ObjectStore
    ) throws(IcebergError) {
        guard isEmpty(path) else { return }
        for table in definition.tables where table.format == .iceberg {
            let folder = table.newMetadata(in: warehouses.folder(of: table), uuid: "", nowMs: 0).metadataDirectory
            // A folder that cannot be listed cannot be written to either, and the batch that tries so is sent again.
            let files = (try? store.list(folder + "/")) ?? []
            guard files.contains(where: { isLater($0.location) }) else { continue }
            // Meanwhile another function may have made both the catalog and the table.
            guard isEmpty(path) else { return }
            throw IcebergError(
                .alreadyExists,
                "the catalog \(path) is missing or empty, but the table's folder \(folder) holds metadata: the catalog "
                    + "may be lost, or LAKE_CATALOG name another one; restore it, or move the folder away",
                at: "\(table.identifier)")
        }
    }

    /// Whether a metadata file is not a table's first. A function that was killed between writing the first one and
    /// registering it leaves that behind, and nothing is lost with it.
    private static func isLater(_ location: String) -> Bool {
        guard location.hasSuffix(".metadata.json"), let name = location.split(separator: "/").last,
            let version = name.split(separator: "-").first.flatMap({ Int($0) })
        else { return false }
        return version > 0
    }

    /// Whether a catalog's file is missing or empty.
    static func isEmpty(_ path: String) -> Bool {
        var status = stat()
        // What cannot be looked at is for the catalog to complain about.
        guard stat(path, &status) == 0 else { return errno == ENOENT }
        return status.st_size == 0
    }
}
