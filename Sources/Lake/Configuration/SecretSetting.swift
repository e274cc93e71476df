package import AWS
internal import Iceberg

/// A secret that a job needs: what the environment variable says, or what the secret holds that the variable with
/// `_SECRET_ARN` after its name names.
public struct SecretSetting: Sendable {
    /// Name of the variable, such as `COINAPI_KEY`.
    public let variable: String
    private let value: String?
    private let arn: String?

    /// Reads what is set; an empty value counts as none.
    /// - Throws: ``ConfigurationError`` if both variables are set, or none is although one must be.
    public init(_ variable: String, _ environment: [String: String], isRequired: Bool) throws(ConfigurationError) {
        self.variable = variable
        value = environment[variable].flatMap { $0.isEmpty ? nil : $0 }
        arn = environment[variable + Self.suffix].flatMap { $0.isEmpty ? nil : $0 }
        func refuse(_ message: String) -> ConfigurationError {
            ConfigurationError(problems: [ConfigurationError.Problem(variable: variable, message: message)])
        }
        if value != nil, arn != nil {
            throw refuse("is set, and so is \(variable)\(Self.suffix): only one of them may be")
        }
        if isRequired, value == nil, arn == nil {
            throw refuse("is not set, and neither is \(variable)\(Self.suffix), the ARN of a secret that holds it")
        }
    }

    /// What follows a variable's name where it names a secret.
    package static let suffix = "_SECRET_ARN"

    /// Whether there is a secret at all.
    public var isSet: Bool { value != nil || arn != nil }

    /// The secret of now; one of Secrets Manager is kept for minutes.
    /// - Returns: nil if there is none.
    /// - Throws: `ServiceError` if Secrets Manager does not give it out; ``ConfigurationError`` if it is no text.
    package func secret(_ secrets: SecretsManager) throws -> Secret? {
        if let value { return Secret(Array(value.utf8)) }
        guard let arn else { return nil }
        let secret = try secrets.secret(arn)
        guard secret.text != nil else {
            throw ConfigurationError(problems: [
                ConfigurationError.Problem(variable: variable + Self.suffix, message: "names a secret that is no text")
            ])
        }
        return secret
    }

    /// To be told when the secret was refused: the next use asks Secrets Manager again, which may have a newer one.
    package func discard(_ secrets: SecretsManager) { if let arn { secrets.discard(arn) } }
}

extension SecretSetting: CustomStringConvertible, CustomReflectable {
    /// The variable's name alone: safe to log.
    public var description: String { variable }
    /// Nothing: a dump shows no secret.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
