internal import AWS
internal import HTTPTransport
internal import Iceberg
internal import Lake

extension LakePlace {
    /// The catalog and the store, as this program reaches them: the environment's credentials, or a profile's.
    func connections() throws -> LakeConnections {
        guard settings.usesServices else { return try LakeConnections(settings) }
        return try LakeConnections(settings, credentials: try Self.credentials(environment))
    }

    /// What the lake should hold, from its file or from S3.
    func definition() throws -> LakeDefinition {
        try DefinitionFile.read(
            settings, credentials: settings.definitionIsObject ? try Self.credentials(environment) : nil)
    }

    /// The definition at a place in S3, whatever lake there is.
    static func definition(at location: String, _ environment: [String: String]) throws -> LakeDefinition {
        var environment = environment.filter { !$0.key.hasPrefix("LAKE_") }
        environment["LAKE_DEFINITION"] = location
        environment["LAKE_LOCAL"] = "1"
        if let region = regionOfProfile(environment) { environment["AWS_REGION"] = region }
        let settings = try LakeConfiguration(
            environment: environment, currentDirectory: "/", executableDirectory: executableDirectory)
        return try DefinitionFile.read(settings, credentials: try credentials(environment))
    }

    /// The variables that hand a function this program's credentials, which it would not find in a profile.
    func credentialsEnvironment() throws -> [String: String] {
        guard settings.needsServices, (environment["AWS_ACCESS_KEY_ID"] ?? "").isEmpty else { return [:] }
        let credentials: Credentials
        do throws(ServiceError) {
            credentials = try Self.credentials(environment).credentials()
        } catch {
            throw CommandFailure("\(error)")
        }
        return [
            "AWS_ACCESS_KEY_ID": credentials.accessKeyID, "AWS_SECRET_ACCESS_KEY": credentials.secretAccessKey,
            "AWS_SESSION_TOKEN": credentials.sessionToken ?? "",
        ]
    }

    /// The region of the profile that the environment names, for a lake of services whose environment names none.
    static func regionOfProfile(_ environment: [String: String]) -> String? {
        let catalog = environment["LAKE_CATALOG"] ?? ""
        let isOfServices =
            !(catalog.isEmpty || catalog.hasPrefix("sqlite:"))
            || ["LAKE_WAREHOUSE", "LAKE_DEFINITION"].contains { environment[$0]?.hasPrefix("s3:") == true }
        // The files of a lake on this machine have no region, and no profile is read for them.
        guard isOfServices else { return nil }
        guard let configuration = try? AWSConfiguration(environment: environment), configuration.region == nil else {
            return nil
        }
        return (try? AWSProfiles(configuration))?.region
    }

    private static func credentials(_ environment: [String: String]) throws(ServiceError) -> any CredentialsProvider {
        let configuration: AWSConfiguration
        do throws(AWSConfigurationError) {
            configuration = try AWSConfiguration(environment: environment)
        } catch {
            throw ServiceError(
                .configuration, service: "aws", operation: "credentials", code: "Settings", message: "\(error)",
                mayHaveActed: false, attempts: 0)
        }
        return CredentialsChain(
            configuration, deadline: RequestDeadline(), profiles: try AWSProfiles(configuration))
    }
}
