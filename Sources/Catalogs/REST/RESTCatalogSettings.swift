public import AWS
public import Iceberg

/// Where an Iceberg REST catalog answers, and how this side shows who it is.
public struct RESTCatalogSettings: Sendable {
    /// How requests are authorized.
    public enum Authorization: Equatable, Sendable {
        /// Not at all.
        case none
        /// With a bearer token that was given, and cannot be renewed.
        case token(String)
        /// With bearer tokens that are had for an id and a secret (OAuth 2.0, RFC 6749 §4.4); some servers take a
        /// secret alone.
        case clientCredentials(id: String?, secret: String)
        /// With AWS credentials (Signature Version 4), for a service of this name.
        case signature(service: String)
    }

    /// Where the catalog answers: paths of the specification, such as `/v1/config`, follow its base path.
    public let endpoint: ServiceEndpoint
    /// How requests are authorized.
    public var authorization: Authorization
    /// The scope that tokens are asked for.
    public var scope: String
    /// Where tokens are had, if not from the catalog's own `/v1/oauth/tokens`.
    public var tokenEndpoint: ServiceEndpoint?
    /// Which of the server's warehouses is meant, in the server's own terms; nil for a server that has but one.
    public var warehouse: String?
    /// What stands between `/v1` and everything else in the server's paths; the server is then not asked for its
    /// configuration, which would tell. Nil to ask.
    public var prefix: String?

    /// The scope that servers expect where none is set.
    public static let defaultScope = "catalog"

    /// Settings.
    /// - Parameters:
    ///   - catalog: `https://host[:port][/path]`, or `http` on this very machine, and behind `?` any of
    ///     `sigv4=glue` or `sigv4=s3tables`, `warehouse=…`, `prefix=…` and `oauth2-server-uri=…`, percent-encoded where
    ///     needed.
    ///   - authorization: how requests are authorized where the text does not say `sigv4`.
    ///   - warehouse: which warehouse is meant where the text does not say.
    /// - Throws: ``IcebergError/Code/invalid`` saying what is wrong with the text, and nothing of its options' values.
    public init(
        catalog: String, authorization: Authorization = .none, scope: String = RESTCatalogSettings.defaultScope,
        warehouse: String? = nil
    ) throws(IcebergError) {
        let parts = catalog.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        endpoint = try Self.endpoint(String(parts[0]), "the catalog's address")
        self.authorization = authorization
        self.scope = scope
        self.warehouse = warehouse
        guard parts.count == 2 else { return }
        for option in parts[1].split(separator: "&") {
            let pair = option.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard pair.count == 2, let value = PercentEncoding.decode(pair[1]), !value.isEmpty else {
                throw Self.invalid("an option of the catalog's address is not written as name=value")
            }
            try set(String(pair[0]), value)
        }
    }

    private mutating func set(_ name: String, _ value: String) throws(IcebergError) {
        switch name {
        case "sigv4":
            guard ["glue", "s3tables"].contains(value) else {
                throw Self.invalid("the option sigv4 of the catalog's address is neither glue nor s3tables")
            }
            authorization = .signature(service: value)
        case "warehouse": warehouse = value
        case "prefix": prefix = value
        case "oauth2-server-uri": tokenEndpoint = try Self.endpoint(value, "oauth2-server-uri")
        default:
            throw Self.invalid(
                "the catalog's address has an option that is none of sigv4, warehouse, prefix and oauth2-server-uri")
        }
    }

    private static func endpoint(_ text: String, _ name: String) throws(IcebergError) -> ServiceEndpoint {
        guard let endpoint = ServiceEndpoint(text) else {
            throw invalid("\(name) is not written as https://host/path")
        }
        guard endpoint.scheme == "https" || endpoint.isLoopback else {
            throw invalid("\(name) must start with https://: http is for this very machine only")
        }
        return endpoint
    }

    private static func invalid(_ message: String) -> IcebergError {
        IcebergError(.invalid, message, at: "LAKE_CATALOG")
    }
}

extension RESTCatalogSettings.Authorization: CustomStringConvertible, CustomDebugStringConvertible,
    CustomReflectable
{
    /// The kind alone: safe to log.
    public var description: String {
        switch self {
        case .none: "no authorization"
        case .token: "a token"
        case .clientCredentials: "client credentials"
        case .signature(let service): "a signature for \(service)"
        }
    }
    /// The same.
    public var debugDescription: String { description }
    /// Nothing: a dump shows no secret.
    public var customMirror: Mirror { Mirror(self, children: []) }
}

extension RESTCatalogSettings: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The endpoint alone: safe to log.
    public var description: String { endpoint.origin + endpoint.basePath }
    /// The same.
    public var debugDescription: String { description }
    /// Nothing: a dump shows no secret.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
