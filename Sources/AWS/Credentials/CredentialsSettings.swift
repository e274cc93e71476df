/// Where an environment says that credentials are.
struct CredentialsSettings: Sendable {
    /// The endpoint that hands a container its credentials.
    struct Container: Sendable {
        /// The whole URL.
        var url: String
        /// What to send as `Authorization`; a file's content comes before it, and is read each time.
        var authorization: Hidden<String>?
        /// The file that holds the authorization.
        var authorizationFile: String?
    }

    /// Credentials that the environment itself holds.
    var credentials: Credentials?
    /// The container's endpoint.
    var container: Container?
    /// Whether the instance's metadata service is asked.
    var asksInstance: Bool
    /// The metadata service, where it is not at its usual address.
    var instanceEndpoint: String
    /// The profile that the command line uses.
    var profile: String?
    /// Path of the shared file of credentials; nil for `~/.aws/credentials`.
    var credentialsFile: String?
    /// Path of the shared file of profiles; nil for `~/.aws/config`.
    var configurationFile: String?
    /// The user's home folder.
    var home: String?

    /// The address of Amazon ECS's endpoint, which `AWS_CONTAINER_CREDENTIALS_RELATIVE_URI` is a path of.
    static let containerOrigin = "http://169.254.170.2"

    /// Reads what is set, and notes what is wrong.
    init(_ reader: inout EnvironmentReader) {
        credentials = Self.credentials(&reader)
        container = Self.container(&reader)
        asksInstance = !reader.flag("AWS_EC2_METADATA_DISABLED")
        instanceEndpoint = "http://169.254.169.254"
        if let text = reader.text("AWS_EC2_METADATA_SERVICE_ENDPOINT") {
            if let endpoint = ServiceEndpoint(text) {
                instanceEndpoint = endpoint.origin + endpoint.basePath
            } else {
                reader.refuse("AWS_EC2_METADATA_SERVICE_ENDPOINT", "is no URL such as http://169.254.169.254")
            }
        }
        profile = reader.first("AWS_PROFILE", "AWS_DEFAULT_PROFILE")?.value
        credentialsFile = reader.text("AWS_SHARED_CREDENTIALS_FILE")
        configurationFile = reader.text("AWS_CONFIG_FILE")
        home = reader.text("HOME")
    }

    private static func credentials(_ reader: inout EnvironmentReader) -> Credentials? {
        let id = reader.text("AWS_ACCESS_KEY_ID")
        let secret = reader.text("AWS_SECRET_ACCESS_KEY")
        if let id, let secret {
            // They stand in a header field as they are: a line break that came along with a copy would break it.
            for (variable, value) in [
                ("AWS_ACCESS_KEY_ID", id), ("AWS_SESSION_TOKEN", reader.text("AWS_SESSION_TOKEN") ?? ""),
                ("AWS_SECRET_ACCESS_KEY", secret),
            ] where !value.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) {
                reader.refuse(variable, "holds white space or other characters that no credentials have")
            }
            return Credentials(
                accessKeyID: id, secretAccessKey: secret, sessionToken: reader.text("AWS_SESSION_TOKEN"))
        }
        if id != nil { reader.refuse("AWS_SECRET_ACCESS_KEY", "is not set, but AWS_ACCESS_KEY_ID is") }
        if secret != nil { reader.refuse("AWS_ACCESS_KEY_ID", "is not set, but AWS_SECRET_ACCESS_KEY is") }
        return nil
    }

    private static func container(_ reader: inout EnvironmentReader) -> Container? {
        guard
            let (variable, value) = reader.first(
                "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_CREDENTIALS_FULL_URI")
        else { return nil }
        let url = variable.hasSuffix("RELATIVE_URI") ? containerOrigin + value : value
        guard isAllowed(url) else {
            reader.refuse(
                variable,
                variable.hasSuffix("RELATIVE_URI")
                    ? "must be a path from / on"
                    : "must be https://, or http:// to this machine, 169.254.170.2, 169.254.170.23 or [fd00:ec2::23]")
            return nil
        }
        return Container(
            url: url, authorization: reader.text("AWS_CONTAINER_AUTHORIZATION_TOKEN").map { Hidden($0) },
            authorizationFile: reader.text("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"))
    }

    /// Whether credentials may be asked for there: the authorization must not go to just any host in the clear.
    static func isAllowed(_ url: String) -> Bool {
        let bare = url.prefix { $0 != "?" && $0 != "#" }
        guard let endpoint = ServiceEndpoint(String(bare)), url.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            return false
        }
        return endpoint.scheme == "https" || endpoint.isLoopback
            || ["169.254.170.2", "169.254.170.23", "[fd00:ec2::23]"].contains(endpoint.host)
    }
}
