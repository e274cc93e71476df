internal import AWS

/// What the environment says of edge-gateway.
struct GatewaySettings: Sendable {
    /// Name of the stream that readings go to; nil for the only one that takes some.
    let stream: String?
    /// Requests a second of one device to this environment of the function; nil for any number.
    let requestsPerSecond: Double?
    /// The secret that devices' keys are made from.
    private let current: SecretSetting
    /// The one before it, whose keys are still good.
    private let previous: SecretSetting

    /// The variable with the master secret; with `_SECRET_ARN` behind it, with the ARN of a secret that is it.
    package static let masterVariable = "EDGE_MASTER_SECRET"
    private static let previousVariable = "EDGE_MASTER_SECRET_PREVIOUS"
    private static let streamVariable = "EDGE_STREAM"
    private static let rateVariable = "EDGE_DEVICE_RATE"
    /// Requests a second where nothing is set.
    static let defaultRate = 5.0

    /// Reads what is set; an empty value counts as none.
    /// - Throws: ``ConfigurationError`` with every faulty variable.
    init(_ environment: [String: String]) throws(ConfigurationError) {
        var problems: [ConfigurationError.Problem] = []
        func secret(_ variable: String, isRequired: Bool) -> SecretSetting? {
            do throws(ConfigurationError) {
                let setting = try SecretSetting(variable, environment, isRequired: isRequired)
                if let text = environment[variable], !text.isEmpty, MasterSecret(Array(text.utf8)) == nil {
                    problems.append(Self.tooShort(variable))
                }
                return setting
            } catch {
                problems += error.problems
                return nil
            }
        }
        let current = secret(Self.masterVariable, isRequired: true)
        let previous = secret(Self.previousVariable, isRequired: false)
        stream = environment[Self.streamVariable].flatMap { $0.isEmpty ? nil : $0 }
        var rate: Double? = Self.defaultRate
        if let text = environment[Self.rateVariable], !text.isEmpty {
            if let number = Double(text), number == 0 || Self.rates.contains(number) {
                rate = number == 0 ? nil : number
            } else {
                problems.append(
                    ConfigurationError.Problem(
                        variable: Self.rateVariable,
                        message:
                            "must be how many requests a second a device may send, from 0.001 to 10000; or 0 for any number"
                    ))
            }
        }
        requestsPerSecond = rate
        guard problems.isEmpty, let current, let previous else { throw ConfigurationError(problems: problems) }
        self.current = current
        self.previous = previous
    }

    /// The master secrets of now. Those of Secrets Manager are kept for minutes. A previous one that it does not give out
    /// is left out: it was taken away, and devices with the current one must not suffer for that.
    /// - Parameter lacks: told why the previous one is left out.
    /// - Throws: `ServiceError` if Secrets Manager does not give out the current one; ``ConfigurationError`` if one cannot be
    ///   used.
    func masters(
        _ read: (SecretSetting) throws -> [UInt8]?, lacks: (ServiceError) -> Void
    ) throws -> [MasterSecret] {
        var masters = [try master(current, read)]
        do {
            masters.append(try master(previous, read))
        } catch let error as ServiceError {
            lacks(error)
        }
        return masters.compactMap { $0 }
    }

    private func master(
        _ setting: SecretSetting, _ read: (SecretSetting) throws -> [UInt8]?
    ) throws -> MasterSecret? {
        guard let bytes = try read(setting) else { return nil }
        guard let master = MasterSecret(bytes) else {
            throw ConfigurationError(problems: [Self.tooShort(setting.variable)])
        }
        return master
    }

    /// Requests a second that a device may be held to; with fewer than one in a quarter of an hour no device gets by.
    private static let rates = 0.001...10_000.0

    private static func tooShort(_ variable: String) -> ConfigurationError.Problem {
        ConfigurationError.Problem(
            variable: variable, message: "must have \(MasterSecret.minimumBytes) bytes or more")
    }
}

extension GatewaySettings: CustomReflectable {
    /// Nothing: a dump shows no secret.
    var customMirror: Mirror { Mirror(self, children: []) }
}
