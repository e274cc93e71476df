extension SensorReadings {
    /// What is unusual about record `n`, which is the truth that rules are measured by; nil if nothing is. A bad record
    /// shows no anomaly, and a silent device no other.
    public func anomaly(_ index: Int) -> SensorAnomaly? {
        guard anomalyRate > 0 else { return nil }
        if isSilent(index) { return .silence }
        guard !isBad(index), numbers.strikes(index, Salt.begins, oneIn: anomalyRate) else { return nil }
        let shown: [SensorAnomaly] = [.heat, .fullDisk, .jump, .load]
        // One kind in five is silence, which begins by itself.
        let kind = Int(numbers.number(index, Salt.kind, below: UInt64(shown.count + 1)))
        return kind < shown.count ? shown[kind] : nil
    }

    /// Whether the device of record `n` is silent, so that the record is not sent. Silences lie apart: a device reports
    /// between two of them for at least as long as one takes, and before its first one.
    public func isSilent(_ index: Int) -> Bool {
        guard anomalyRate > 0 else { return false }
        let (turn, device) = index.quotientAndRemainder(dividingBy: devices)
        let block = turn / silentTurns
        guard block % 2 == 1 else { return false }
        // As many silences begin as there are other anomalies of a kind: one in five, and only in every second block.
        let blocks = 5 * anomalyRate / 2 / UInt64(silentTurns)
        let place = block &* devices &+ device
        return numbers.number(place, Salt.silence) % max(2, blocks) == 0
    }

    /// How many readings of a device a silence swallows.
    public var silentTurns: Int {
        Int(max(1, (silenceUs + deviceIntervalUs - 1) / deviceIntervalUs))
    }

    /// From one reading of a device to its next, in microseconds.
    private var deviceIntervalUs: Int64 { max(1, pace.intervalUs * Int64(devices)) }

    private enum Salt {
        static let begins: UInt64 = 10
        static let kind: UInt64 = 11
        static let size: UInt64 = 12
        static let silence: UInt64 = 13
    }

    /// Makes values show an anomaly.
    func show(_ anomaly: SensorAnomaly, _ index: Int, _ values: inout Values) {
        func size(below bound: UInt64) -> Int { Int(numbers.number(index, Salt.size, below: bound)) }
        switch anomaly {
        case .heat: values.temperature = 75 + size(below: 15)
        case .fullDisk: values.hd = 9_810 + size(below: 190)
        // Usual temperatures go up to 27.
        case .jump: values.temperature += 29 + size(below: 3)
        case .load: values.cpu = 35_000 + size(below: 10_000)
        case .silence: break
        }
    }
}
