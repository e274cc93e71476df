/// The profiles of AWS's shared files, for the command line: a function does not look there.
public struct AWSProfiles: Sendable {
    /// The profile that is used where no other is named: `AWS_PROFILE`, or else `default`.
    public let selected: String
    /// Whether the environment names the profile, so that it must exist.
    let isNamed: Bool
    /// The profiles' settings; of one that is in both files, the file of credentials comes first.
    private let profiles: Hidden<[String: [String: String]]>

    /// Reads the files that the configuration names, or else those in the user's home folder, if they are there.
    /// - Throws: ``ServiceError/Kind/configuration``, naming the file that is faulty.
    public init(_ configuration: AWSConfiguration) throws(ServiceError) {
        try self.init(configuration.credentials, read: FileText.read)
    }

    /// The same with a function that reads a file.
    init(_ settings: CredentialsSettings, read: (String) -> [UInt8]?) throws(ServiceError) {
        selected = settings.profile ?? "default"
        isNamed = settings.profile != nil
        var profiles: [String: [String: String]] = [:]
        let folder = settings.home.map { $0 + "/.aws" }
        let files: [(path: String?, kind: ProfileFile.Kind)] = [
            (settings.configurationFile ?? folder.map { $0 + "/config" }, .configuration),
            (settings.credentialsFile ?? folder.map { $0 + "/credentials" }, .credentials),
        ]
        for (path, kind) in files {
            guard let path, let bytes = read(path) else { continue }
            do throws(ProfileFault) {
                for (name, values) in try ProfileFile(bytes, kind).profiles.value {
                    profiles[name, default: [:]].merge(values) { $1 }
                }
            } catch {
                throw ServiceError(
                    .configuration, service: "aws", operation: "credentials", code: "InvalidProfileFile",
                    message: "\(path) \(error.message)", mayHaveActed: false, attempts: 0)
            }
        }
        self.profiles = Hidden(profiles)
    }

    /// The region of the selected profile.
    public var region: String? { self[selected]?["region"] }

    /// A profile's settings.
    subscript(name: String) -> [String: String]? { profiles.value[name] }
}
