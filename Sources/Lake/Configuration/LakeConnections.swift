public import AWS
internal import Catalogs
internal import HTTPTransport
public import Iceberg
internal import ObjectStores

/// The catalog and the store that settings name, and the connections that their requests share. One thread at a time
/// may use it.
public struct LakeConnections {
    /// Which metadata file is each table's current one.
    public let catalog: any Catalog
    /// Where the files lie.
    public let store: any ObjectStore
    /// Until when requests may take.
    let deadline: RequestDeadline
    /// The part of the store that is S3; nil where all files are on this machine.
    let objects: S3ObjectStore?
    /// What calls services beside the lake's own.
    let services: ServicesOnDemand

    /// Opens a catalog and a store. Only a SQLite catalog's file is opened now, and made where it is missing; services
    /// are asked when they are needed.
    /// - Parameters:
    ///   - credentials: what signs requests; nil for what a function looks for.
    ///   - environment: clock, randomness and waiting.
    ///   - check: may refuse to go on before a SQLite catalog's file is made.
    /// - Throws: `IcebergError` if the catalog cannot be opened.
    public init(
        _ configuration: LakeConfiguration, credentials: (any CredentialsProvider)? = nil,
        environment: CommitEnvironment = .system, check: (any ObjectStore) throws -> Void = { _ in }
    ) throws {
        try self.init(
            configuration, ServicesOnDemand(configuration.services, credentials, environment), startMs: nil,
            environment: environment, check: check)
    }

    /// Opens a catalog and a store by the way to services that there is already.
    /// - Parameter startMs: when initialisation began, in milliseconds since the epoch; nil for now.
    init(
        _ configuration: LakeConfiguration, _ onDemand: ServicesOnDemand, startMs: Int64?,
        environment: CommitEnvironment, check: (any ObjectStore) throws -> Void = { _ in }
    ) throws {
        let deadline = onDemand.deadline
        self.deadline = deadline
        self.services = onDemand
        var services: (settings: ServiceSettings, client: ServiceClient)?
        if configuration.usesServices, let settings = configuration.services {
            services = (settings, try onDemand.client())
        }
        let objects = services.map { S3ObjectStore(S3($0.client)) }
        self.objects = objects
        let store: any ObjectStore = objects.map { SchemeObjectStore(objects: $0) } ?? FileObjectStore()
        self.store = store
        try check(store)
        // A catalog's secret is asked for now: where nobody answers, the error must be out before Lambda ends the
        // initialisation, which it does without a word.
        deadline.milliseconds = InitialisationTime.end(
            startMs: startMs, nowMs: environment.nowMs(), limitMs: InitialisationTime.requestMs)
        defer { deadline.milliseconds = nil }
        catalog = try Self.catalog(configuration, services, environment)
    }

    /// A catalog and a store that are open already and share nothing.
    init(catalog: any Catalog, store: any ObjectStore, client: ServiceClient? = nil) {
        self.catalog = catalog
        self.store = store
        objects = nil
        services = ServicesOnDemand { _ in client }
        deadline = services.deadline
    }

    private static func catalog(
        _ configuration: LakeConfiguration, _ services: (settings: ServiceSettings, client: ServiceClient)?,
        _ environment: CommitEnvironment
    ) throws -> any Catalog {
        switch (configuration.catalog, services) {
        case (.sqlite(let path), _): return try SQLiteCatalog(path: path)
        case (_, nil):
            throw IcebergError(.invalid, "the catalog is a service, and there are no settings to reach it")
        case (.glue(let catalogID), let (_, client)?): return GlueCatalog(client, catalogID: catalogID)
        case (.rest(let text), let (settings, client)?):
            let secrets = SecretsManager(client)
            let id = settings.credentialSecretARN
            return RESTCatalog(
                client,
                try RESTCatalogSettings(
                    catalog: text,
                    authorization: try id.map { try authorization($0, secrets) } ?? settings.authorization,
                    scope: settings.scope, warehouse: configuration.warehouse.isEmpty ? nil : configuration.warehouse),
                nowMs: environment.nowMs,
                newAuthorization: id.map { id in
                    {
                        secrets.discard(id)
                        return try authorization(id, secrets)
                    }
                })
        }
    }

    /// What a secret says.
    private static func authorization(
        _ id: String, _ secrets: SecretsManager
    ) throws -> RESTCatalogSettings.Authorization {
        let secret = try secrets.secret(id)
        guard let text = secret.text else {
            throw IcebergError(.invalid, "the secret is no text of the form id:secret", at: id)
        }
        return ServiceSettings.credential(text)
    }
}
