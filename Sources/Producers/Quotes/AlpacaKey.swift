internal import AWS
internal import Lake

/// The key id and the secret key of an account of Alpaca's: of the environment, or of one secret that holds both. Without
/// any, Alpaca is asked as anybody may, if less often.
struct AlpacaKey: Equatable {
    /// The key's id, which is hidden as the key is.
    let id: String
    /// The key.
    let secret: String

    /// The variables that hold them, and the one that names a secret with both.
    static let idVariable = "ALPACA_KEY_ID"
    static let secretVariable = "ALPACA_SECRET_KEY"
    static let arnVariable = "ALPACA_SECRET_ARN"
    /// The members of the secret that may hold them, in the order of looking.
    static let members = [
        (id: "keyId", secret: "secretKey"), (id: idVariable, secret: secretVariable),
        (id: Alpaca.idField, secret: Alpaca.secretField),
    ]

    /// A key.
    /// - Throws: ``ConfigurationError`` if either can be none.
    init(id: String, secret: String, variables: (id: String, secret: String)) throws(ConfigurationError) {
        self.id = id
        self.secret = secret
        for (text, variable) in [(id, variables.id), (secret, variables.secret)] {
            guard !text.isEmpty, text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
                throw Self.refusal(variable, "holds no key: a key is of visible ASCII characters")
            }
        }
    }

    static func refusal(_ variable: String, _ message: String) -> ConfigurationError {
        ConfigurationError(problems: [ConfigurationError.Problem(variable: variable, message: message)])
    }

    /// A text without the key.
    func hidden(in text: String) -> String { text.hiding(secret).hiding(id) }
}

extension AlpacaKey: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Nothing of the key: safe to log.
    var description: String { "a key of Alpaca's" }
    /// The same.
    var debugDescription: String { description }
    /// Nothing: a dump shows no secret.
    var customMirror: Mirror { Mirror(self, children: []) }
}

/// Where the key comes from.
enum AlpacaKeySource {
    /// There is none.
    case none
    /// The environment holds it.
    case environment(AlpacaKey)
    /// The secret of this ARN, or name, holds it.
    case secret(String)

    /// Reads the settings; an empty value counts as none.
    /// - Throws: ``ConfigurationError`` if they say one thing twice, or only half of it.
    init(_ environment: [String: String]) throws(ConfigurationError) {
        func value(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
        let (id, secret) = (value(AlpacaKey.idVariable), value(AlpacaKey.secretVariable))
        if let arn = value(AlpacaKey.arnVariable) {
            guard id == nil, secret == nil else {
                throw AlpacaKey.refusal(
                    AlpacaKey.arnVariable,
                    "is set, and so is \(id == nil ? AlpacaKey.secretVariable : AlpacaKey.idVariable): only one of them may be"
                )
            }
            self = .secret(arn)
            return
        }
        switch (id, secret) {
        case (nil, nil): self = .none
        case (let id?, let secret?):
            self = .environment(
                try AlpacaKey(
                    id: id, secret: secret, variables: (AlpacaKey.idVariable, AlpacaKey.secretVariable)))
        case (_?, nil):
            throw AlpacaKey.refusal(AlpacaKey.secretVariable, "is not set, but \(AlpacaKey.idVariable) is")
        case (nil, _?):
            throw AlpacaKey.refusal(AlpacaKey.idVariable, "is not set, but \(AlpacaKey.secretVariable) is")
        }
    }

    /// The key of now; nil if there is none.
    /// - Throws: `ServiceError` if Secrets Manager does not give it out; ``ConfigurationError`` if the secret holds none.
    func key(_ secrets: SecretsManager) throws -> AlpacaKey? {
        switch self {
        case .none: return nil
        case .environment(let key): return key
        case .secret(let arn):
            let secret = try secrets.secret(arn)
            for members in AlpacaKey.members {
                guard let id = secret.member(members.id), let key = secret.member(members.secret) else { continue }
                return try AlpacaKey(id: id, secret: key, variables: (AlpacaKey.arnVariable, AlpacaKey.arnVariable))
            }
            throw AlpacaKey.refusal(
                AlpacaKey.arnVariable, "names a secret that is no {\"keyId\": …, \"secretKey\": …} with two texts")
        }
    }

    /// To be told when the key was refused: the next use asks Secrets Manager again, which may have a newer one.
    func discard(_ secrets: SecretsManager) { if case .secret(let arn) = self { secrets.discard(arn) } }
}
