/// Region, endpoints and sources of credentials, read once from an environment as the AWS SDKs read it.
public struct AWSConfiguration: Sendable {
    /// The region; nil if none is set, which is an error only where one is needed.
    public var region: String?
    /// Requests that one call may take, the first included: `AWS_MAX_ATTEMPTS`.
    public var maximumAttempts: Int
    /// Whether endpoints with IPv6 addresses are used: `AWS_USE_DUALSTACK_ENDPOINT`.
    public var usesDualStack: Bool
    /// Whether endpoints with validated cryptography are used: `AWS_USE_FIPS_ENDPOINT`.
    public var usesFIPS: Bool
    /// Where credentials are looked for.
    var credentials: CredentialsSettings
    /// Endpoints that are moved, by the service's ``AWSService/endpointVariable``; that of all others by "".
    private var endpoints: [String: String] = [:]

    /// Requests that one call may take where the environment does not say.
    public static let defaultMaximumAttempts = 4

    /// Reads the environment; what it does not set has a default or is nil.
    /// - Throws: an error that names every faulty variable.
    public init(environment: [String: String]) throws(AWSConfigurationError) {
        var reader = EnvironmentReader(environment)
        if let (variable, value) = reader.first("AWS_REGION", "AWS_DEFAULT_REGION") {
            if Self.isRegion(value) {
                region = value
            } else {
                reader.refuse(variable, "is no name of a region, such as eu-west-1")
            }
        }
        maximumAttempts = reader.number("AWS_MAX_ATTEMPTS", in: 1...100) ?? Self.defaultMaximumAttempts
        usesDualStack = reader.flag("AWS_USE_DUALSTACK_ENDPOINT")
        usesFIPS = reader.flag("AWS_USE_FIPS_ENDPOINT")
        credentials = CredentialsSettings(&reader)
        if !reader.flag("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS") {
            endpoints[""] = reader.endpoint("AWS_ENDPOINT_URL")
            for service in AWSService.all {
                let name = service.endpointVariable
                endpoints[name] = reader.endpoint("AWS_ENDPOINT_URL_\(name)")
            }
        }
        guard reader.faults.isEmpty else { throw AWSConfigurationError(faults: reader.faults) }
    }

    /// The endpoint that the environment moves a service to; nil if it does not.
    public func configuredEndpoint(of service: AWSService) -> String? {
        endpoints[service.endpointVariable] ?? endpoints[""]
    }

    /// A service's endpoint, `scheme://host[:port][/path]`, as configured or as AWS names it.
    /// - Throws: ``ServiceError/Kind/configuration`` if the region is needed and not set.
    public func endpoint(of service: AWSService) throws(ServiceError) -> String {
        try endpoint(of: service, inRegion: region, operation: "endpoint")
    }

    /// The same in another region, for an operation that an error is to name.
    func endpoint(of service: AWSService, inRegion region: String?, operation: String) throws(ServiceError) -> String {
        if let endpoint = configuredEndpoint(of: service) { return endpoint }
        guard let region else { throw Self.missingRegion(service, operation) }
        let partition = AWSPartition(ofRegion: region)
        let name = usesFIPS ? "\(service.id)-fips" : service.id
        if usesDualStack {
            // S3 had such endpoints before there was a domain for them.
            return service == .s3
                ? "https://\(name).dualstack.\(region).\(partition.domain)"
                : "https://\(name).\(region).\(partition.dualStackDomain)"
        }
        return "https://\(name).\(region).\(partition.domain)"
    }

    /// The error of a call that cannot do without a region.
    static func missingRegion(_ service: AWSService, _ operation: String) -> ServiceError {
        ServiceError(
            .configuration, service: service.id, operation: operation, code: "MissingRegion",
            message: "no region is set", advice: "set AWS_REGION", mayHaveActed: false, attempts: 0)
    }

    /// Whether a text can be a region's name: a label of a host's name, in lower case.
    static func isRegion(_ text: String) -> Bool {
        let letters = UInt8(ascii: "a")...UInt8(ascii: "z")
        let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
        let hyphen = UInt8(ascii: "-")
        return (1...63).contains(text.utf8.count) && text.utf8.contains(where: letters.contains)
            && text.utf8.allSatisfy { letters.contains($0) || digits.contains($0) || $0 == hyphen }
            && text.utf8.first != hyphen && text.utf8.last != hyphen
    }
}
