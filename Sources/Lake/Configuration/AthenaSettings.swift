/// Where Athena runs statements.
struct AthenaSettings: Equatable {
    /// The workgroup; nil for `primary`.
    var workGroup: String?
    /// Where results go, `s3://bucket/prefix/`; nil for the workgroup's place.
    var outputLocation: String?

    /// Reads `ATHENA_WORKGROUP` and `ATHENA_OUTPUT_LOCATION`; an empty value counts as none.
    /// - Throws: ``ConfigurationError`` for a location that is none of S3's.
    init(_ environment: [String: String]) throws(ConfigurationError) {
        func value(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
        workGroup = value("ATHENA_WORKGROUP")
        outputLocation = value(Self.outputVariable)
        guard let location = outputLocation else { return }
        guard location.hasPrefix("s3://"), SettingsReader.location(location) != nil else {
            throw ConfigurationError(problems: [
                ConfigurationError.Problem(variable: Self.outputVariable, message: "must be s3://bucket/prefix/")
            ])
        }
    }

    private static let outputVariable = "ATHENA_OUTPUT_LOCATION"
}
