internal import AWS
internal import HTTPTransport
internal import Iceberg

/// A lake's definition once it is read, and the way to services that it may have come by: what opens the lake goes on with
/// the same client, and so with the connections that there are.
struct OpenDefinition {
    let definition: LakeDefinition
    /// What calls services.
    let services: ServicesOnDemand
    /// When reading it began, in milliseconds since the epoch.
    let startMs: Int64

    /// Reads the definition that settings name.
    /// - Parameters:
    ///   - credentials: what signs requests; nil for what a function looks for.
    ///   - environment: clock, randomness and waiting.
    /// - Throws: ``DefinitionFileError``; `IcebergError` if there is no way to services.
    init(
        _ configuration: LakeConfiguration, credentials: (any CredentialsProvider)? = nil,
        environment: CommitEnvironment = .system
    ) throws {
        startMs = environment.nowMs()
        services = ServicesOnDemand(configuration.services, credentials, environment)
        definition = try DefinitionFile.read(
            configuration.definitionPaths, services.client, services.deadline, nowMs: startMs)
    }
}
