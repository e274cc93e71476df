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

    /// Announces a step that others can see, as commits do theirs.
    func willTake(_ kind: CommitStep.Kind, _ location: String, _ moment: CommitStep.Moment) {
        environment.willTake?(CommitStep(kind, location, moment))
    }
}

extension LakeConfiguration {
    /// Whether the lake has a SQLite catalog that is still to be made.
    var isMissingCatalog: Bool {
        guard case .sqlite(let path) = catalog else { return false }
        return CatalogLoss.isEmpty(path)
    }

    /// The same lake with an empty catalog that is written nowhere.
    var withoutCatalog: LakeConfiguration {
        var configuration = self
        configuration.catalog = .sqlite(path: ":memory:")
        return configuration
    }
}
