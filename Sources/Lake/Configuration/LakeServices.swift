public import AWS
public import HTTPTransport
internal import Iceberg

/// What a job works with that has no tables: the lake's definition, and the services that it calls. One thread at a time
/// may use it.
public final class LakeServices {
    /// What the lake should hold.
    public let definition: LakeDefinition
    /// Until when requests may take; whoever handles an invocation sets it.
    public let deadline: RequestDeadline
    /// Path of the bundle of certificates that servers beside Amazon's may descend from; nil for the system's.
    public let certificateBundle: String?

    /// Region, endpoints and what is known of credentials.
    public let configuration: AWSConfiguration
    /// What signs requests.
    public let credentials: any CredentialsProvider
    /// What calls services.
    public let client: ServiceClient

    /// Reads the definition and the settings of services: `LAKE_DEFINITION` and the variables that AWS's SDKs know.
    /// - Parameters:
    ///   - environment: the variables of the process.
    ///   - currentDirectory: an absolute path, which relative ones start from.
    ///   - executableDirectory: an absolute path, where the running program lies.
    /// - Throws: ``ConfigurationError`` with every faulty variable; ``DefinitionFileError``.
    public init(
        environment: [String: String], currentDirectory: String, executableDirectory: String
    ) throws {
        var reader = SettingsReader(environment: environment, currentDirectory: currentDirectory)
        let isLocal = reader.isLocal
        let paths = reader.definitionPaths(isLocal: isLocal, executableDirectory: executableDirectory)
        // Only on Lambda, and for S3, must there be a region: whoever puts records into a local broker has no need of one.
        let settings = ServiceSettings(
            &reader, executableDirectory: executableDirectory, isNeeded: true,
            needsRegion: !isLocal || paths.first.flatMap(StoredDefinition.init) != nil)
        guard reader.problems.isEmpty, let settings else { throw ConfigurationError(problems: reader.problems) }
        let deadline = RequestDeadline()
        self.deadline = deadline
        configuration = settings.aws
        let certificates = settings.certificates
        certificateBundle = certificates.bundle
        let surroundings = ServiceSurroundings.system()
        credentials = CredentialsChain(
            settings.aws, deadline: deadline, certificates: certificates, surroundings: surroundings)
        let client = ServiceClient(
            settings.aws, credentials: credentials,
            transport: HTTPTransport(HTTPConfiguration(certificates: certificates), deadline: deadline),
            surroundings: surroundings)
        self.client = client
        definition = try DefinitionFile.read(paths, { client }, deadline, nowMs: surroundings.nowMs())
    }

    /// What is open already: for tests.
    package init(
        _ definition: LakeDefinition, client: ServiceClient, credentials: any CredentialsProvider,
        deadline: RequestDeadline = RequestDeadline(), certificateBundle: String? = nil
    ) {
        self.definition = definition
        self.deadline = deadline
        self.certificateBundle = certificateBundle
        configuration = client.configuration
        self.credentials = credentials
        self.client = client
    }
}
