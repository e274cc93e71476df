internal import Lake
internal import LambdaRuntime

/// How a simulating job makes its records: by the variables `SIMULATE_…`, which options of the event overrule.
struct SimulatorSettings: Equatable {
    /// Records a second.
    var rate: Int
    /// What the records are made from.
    var seed: Int
    /// How many devices report.
    var devices: Int
    /// About one record in this many is bad; 0 for none.
    var badRecordRate = 0
    /// With about one reading in this many an anomaly begins; 0 for none.
    var anomalyRate = 0

    /// A number that can be set. Its name is the option of the event.
    enum Setting: String, CaseIterable {
        case rate, seed, badRecordRate, devices, anomalyRate

        /// The variable of the environment.
        var variable: String {
            switch self {
            case .rate: "SIMULATE_RATE"
            case .seed: "SIMULATE_SEED"
            case .badRecordRate: "SIMULATE_BAD_RECORD_RATE"
            case .devices: "SIMULATE_DEVICES"
            case .anomalyRate: "SIMULATE_ANOMALY_RATE"
            }
        }

        /// What it may be.
        var range: ClosedRange<Int> {
            switch self {
            // A function makes and puts so many a second with ease.
            case .rate: 1...10_000
            case .seed: 0...Int.max
            case .devices: 1...1_000_000
            case .badRecordRate, .anomalyRate: 0...1_000_000_000
            }
        }
    }

    /// What trades can be made by.
    static let ofTrades: [Setting] = [.rate, .seed, .badRecordRate]
    /// What readings can be made by.
    static let ofSensors = Setting.allCases

    /// Settings where nothing is said.
    init(rate: Int, devices: Int = 12) {
        self.rate = rate
        self.devices = devices
        seed = 1
    }

    /// The same with what the environment says.
    /// - Throws: ``ConfigurationError`` with every faulty variable.
    func reading(_ environment: [String: String], _ settings: [Setting]) throws(ConfigurationError) -> SimulatorSettings
    {
        var read = self
        var problems: [ConfigurationError.Problem] = []
        for setting in settings {
            guard let text = environment[setting.variable], !text.isEmpty else { continue }
            guard let number = Int(text), setting.range.contains(number) else {
                let range = setting.range
                problems.append(
                    ConfigurationError.Problem(
                        variable: setting.variable,
                        message: "must be a whole number from \(range.lowerBound) to \(range.upperBound)"))
                continue
            }
            read.set(setting, number)
        }
        guard problems.isEmpty else { throw ConfigurationError(problems: problems) }
        return read
    }

    /// The same with what the event says.
    /// - Throws: `EventError`.
    func reading(_ event: MinuteEvent, _ settings: [Setting]) throws(EventError) -> SimulatorSettings {
        var read = self
        for setting in settings {
            guard let number = try event.input.number(setting.rawValue, in: setting.range) else { continue }
            read.set(setting, number)
        }
        return read
    }

    private mutating func set(_ setting: Setting, _ number: Int) {
        switch setting {
        case .rate: rate = number
        case .seed: seed = number
        case .badRecordRate: badRecordRate = number
        case .devices: devices = number
        case .anomalyRate: anomalyRate = number
        }
    }
}
