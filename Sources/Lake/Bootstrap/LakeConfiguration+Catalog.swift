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
