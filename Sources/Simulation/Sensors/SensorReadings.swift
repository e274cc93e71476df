internal import Calendar

/// An endless stream of generated sensor readings: reading `n` of a seed is the same on every machine and in every
/// run. Times depend on `n` alone, so that a stream goes on where an earlier run stopped.
public struct SensorReadings: Equatable, Sendable {
    /// What the readings are made from.
    public let seed: UInt64
    /// How many devices report, in turn; they are numbered from 1 on.
    public let devices: Int
    /// When they report.
    public let pace: Pace
    /// About one record in this many is bad; 0 for none.
    public let badRecordRate: UInt64
    /// With about one reading in this many an anomaly begins; 0 for none.
    public let anomalyRate: UInt64
    /// How long a device is silent, if it is, in microseconds.
    public let silenceUs: Int64

    /// As `lake.json` names the stream.
    public static let streamName = "sensor-readings"
    /// Twelve devices, as the demo has them.
    public static let demoDevices = 12
    /// Each of the demo's devices reports every ten seconds.
    public static let demoPace = Pace(records: 1, periodUs: 10_000 / Int64(demoDevices) * 1000)

    /// Readings. The parameters with a default have the demo's values.
    public init(
        seed: UInt64, devices: Int = demoDevices, pace: Pace = demoPace, badRecordRate: UInt64 = 800,
        anomalyRate: UInt64 = 0, silenceUs: Int64 = 900_000_000
    ) {
        precondition(devices > 0, "someone must report")
        self.seed = seed
        self.devices = devices
        self.pace = pace
        self.badRecordRate = badRecordRate
        self.anomalyRate = anomalyRate
        self.silenceUs = silenceUs
    }

    /// The readings for what sends them on; what a silent device does not send is left out.
    public var stream: SimulatedStream { stream(named: Self.streamName) }

    /// The same for a stream that `lake.json` names otherwise.
    public func stream(named name: String) -> SimulatedStream {
        SimulatedStream(
            name: name,
            record: { index in
                guard !isSilent(index) else { return nil }
                return SimulatedRecord(key: partitionKey(index), value: record(index), timeMs: pace.timeMs(index))
            }, index: pace.index, timeMs: pace.timeMs)
    }

    /// When the stream takes record `n`, in milliseconds since the epoch.
    public func arrivalMs(_ index: Int) -> Int64 { pace.timeMs(index) + 120 }

    /// The number of the device that sends record `n`.
    public func device(_ index: Int) -> Int { index % devices + 1 }

    /// What decides the shard of record `n`: its device.
    public func partitionKey(_ index: Int) -> String { "device-\(device(index))" }

    /// Whether record `n` is one that cannot be decoded.
    public func isBad(_ index: Int) -> Bool { numbers.strikes(index, 0, oneIn: badRecordRate) }

    /// The bytes of record `n`: one JSON object, or something that a broken sensor sends.
    public func record(_ index: Int) -> [UInt8] {
        guard isBad(index) else { return Array(text(index).utf8) }
        switch number(index, 1) % 5 {
        case 0:
            let good = text(index).utf8
            return Array(good.prefix(good.count / 2))
        case 1: return Array("sensor \(device(index)) restarted".utf8)
        case 2: return Array(text(index, temperaturePrefix: "\"hot\", \"was\": ").utf8)
        case 3: return Array(text(index, device: "99999999999").utf8)
        // A year of two digits.
        default: return Array(text(index, sentDropping: 2).utf8)
        }
    }

    /// Reading `n` as sensors write it, or with one fault.
    private func text(
        _ index: Int, temperaturePrefix: String = "", sentDropping dropped: Int = 0, device: String? = nil
    ) -> String {
        let values = values(index)
        let timeUs = timestampUs(index)
        let second = CivilTime.second(ofMs: floorDivide(timeUs, 1000))
        let fraction = timeUs - floorDivide(timeUs, 1_000_000) * 1_000_000
        return """
            {"temperature": \(temperaturePrefix)\(values.temperature), "cpu": \(Self.percent(values.cpu)), \
            "ram": \(Self.percent(values.ram)), "hd": \(Self.percent(values.hd)), "timestamp": "\(second)\
            .\(CivilDate.padded(fraction, 6))", "timestamp_sent": "\(second.prefix(13).dropFirst(dropped))", \
            "id_device": \(device ?? String(self.device(index)))}
            """
    }

    /// When the sensor took reading `n`, in microseconds since the epoch. The time of day has a fraction of its own, unless
    /// a device reports so often that its readings would get out of order.
    public func timestampUs(_ index: Int) -> Int64 {
        let timeUs = pace.timeUs(index)
        guard pace.intervalUs * Int64(devices) >= 1_000_000 else { return timeUs }
        return floorDivide(timeUs, 1_000_000) * 1_000_000 + Int64(number(index, 2) % 1_000_000)
    }

    /// What a sensor measures: degrees, and hundredths of percents.
    struct Values: Equatable {
        var temperature: Int
        var cpu: Int
        var ram: Int
        var hd: Int
    }

    /// What reading `n` says, with its anomaly if it shows one.
    private func values(_ index: Int) -> Values {
        var values = usualValues(index)
        if let anomaly = anomaly(index) { show(anomaly, index, &values) }
        return values
    }

    private func usualValues(_ index: Int) -> Values {
        let device = device(index)
        // There are as many kinds of devices as the demo has.
        let kind = (device - 1) % Self.demoDevices + 1
        // Warmest in the afternoon: a triangle over the day, from 0 at 3 o'clock to 12 at 15 o'clock.
        let minute = Int(pace.timeMs(index) / 60_000 % 1440)
        let warmth = abs((minute + 540) % 1440 - 720) * 12 / 720
        return Values(
            temperature: 8 + device % 5 + warmth + Int(number(index, 3) % 4),
            cpu: share(index, 4, from: 5 + kind * 2, spread: 4000),
            ram: share(index, 5, from: 30 + kind, spread: 2500),
            hd: share(index, 6, from: 40 + kind * 3, spread: 150))
    }

    /// Hundredths of a percentage.
    private func share(_ index: Int, _ salt: UInt64, from: Int, spread: UInt64) -> Int {
        min(from * 100 + Int(number(index, salt) % spread), 10_000)
    }

    /// A percentage with two digits after the point, as text: exact, whatever the machine's rounding.
    private static func percent(_ hundredths: Int) -> String {
        "\(hundredths / 100).\(CivilDate.padded(Int64(hundredths % 100), 2))"
    }

    /// The numbers of the seed.
    var numbers: SeededNumbers { SeededNumbers(seed: seed) }

    private func number(_ index: Int, _ salt: UInt64) -> UInt64 { numbers.number(index, salt) }
}
