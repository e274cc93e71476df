internal import AWS
internal import Catalogs
internal import Glibc
internal import HTTPTransport

/// How a lake's services are reached: region, endpoints, credentials, certificates.
struct ServiceSettings: Sendable {
    /// Region, endpoints and credentials.
    let aws: AWSConfiguration
    /// How a REST catalog is told who asks, where its URL does not say.
    let authorization: RESTCatalogSettings.Authorization
    /// The secret that holds a REST catalog's `id:secret`, where that is kept there.
    let credentialSecretARN: String?
    /// The scope that a REST catalog's tokens are asked for.
    let scope: String
    /// Path of the bundle of certificates that the environment names.
    let bundle: String?
    /// Where the certificates that came with the program may lie.
    let certificatesDirectory: String

    /// Reads what is set, and notes what is wrong.
    /// - Parameter isNeeded: whether the lake itself is a service's; otherwise nothing needs to be set, and what is wrong
    ///   is no problem of the lake.
    /// - Parameter needsRegion: whether there must be a region then.
    /// - Returns: nil if it cannot be used; the reader knows why.
    init?(_ reader: inout SettingsReader, executableDirectory: String, isNeeded: Bool, needsRegion: Bool = true) {
        bundle = reader.value("AWS_CA_BUNDLE") ?? reader.value("SSL_CERT_FILE")
        certificatesDirectory = executableDirectory + "/certificates"
        scope = reader.value("LAKE_CATALOG_SCOPE") ?? RESTCatalogSettings.defaultScope
        credentialSecretARN = reader.value("LAKE_CATALOG_CREDENTIAL_SECRET_ARN")
        authorization = Self.authorization(&reader)
        do throws(AWSConfigurationError) {
            aws = try AWSConfiguration(environment: reader.environment)
        } catch {
            if isNeeded { for fault in error.faults { reader.add(fault.variable, fault.reason) } }
            return nil
        }
        if isNeeded, needsRegion, aws.region == nil {
            reader.add("AWS_REGION", "is not set; it must be, for example eu-west-1")
        }
    }

    /// A bundle that the environment names is used for everyone; otherwise the certificates that came with the program,
    /// and where none did, the system's.
    var certificates: HTTPCertificates {
        if let bundle { return HTTPCertificates(bundle: bundle) }
        func file(_ name: String) -> String? {
            let path = "\(certificatesDirectory)/\(name).pem"
            return access(path, R_OK) == 0 ? path : nil
        }
        return HTTPCertificates(amazonRoots: file("amazon"), bundle: file("all"))
    }

    private static func authorization(_ reader: inout SettingsReader) -> RESTCatalogSettings.Authorization {
        let names = ["LAKE_CATALOG_TOKEN", "LAKE_CATALOG_CREDENTIAL", "LAKE_CATALOG_CREDENTIAL_SECRET_ARN"]
        let set = names.filter { reader.value($0) != nil }
        if set.count > 1 { reader.add(set[1], "is set, and so is \(set[0]): only one of them may be") }
        if let token = reader.value("LAKE_CATALOG_TOKEN") { return .token(token) }
        return reader.value("LAKE_CATALOG_CREDENTIAL").map(credential) ?? .none
    }

    /// Reads `id:secret`, or a secret alone.
    static func credential(_ text: String) -> RESTCatalogSettings.Authorization {
        guard let colon = text.utf8.firstIndex(of: UInt8(ascii: ":")) else {
            return .clientCredentials(id: nil, secret: text)
        }
        return .clientCredentials(id: String(text[..<colon]), secret: String(text[text.utf8.index(after: colon)...]))
    }
}

extension ServiceSettings: CustomReflectable {
    /// Nothing: a dump shows no secret.
    var customMirror: Mirror { Mirror(self, children: []) }
}
