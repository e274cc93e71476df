internal import AWS
internal import Catalogs
internal import Iceberg

extension Lake {
    /// Glue, where the lake's catalog is Glue's, by whichever of its interfaces; nil for others.
    var glue: Glue? {
        if let catalog = catalog as? GlueCatalog { return catalog.glue }
        guard let catalog = catalog as? RESTCatalog, catalog.isGlue, let client = try? client() else { return nil }
        return Glue(client, catalogID: catalog.glueCatalogID)
    }
}
