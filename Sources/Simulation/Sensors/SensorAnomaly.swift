/// Something unusual that a generated reading shows on purpose, so that rules can be measured by it.
public enum SensorAnomaly: String, CaseIterable, Hashable, Sendable {
    /// A temperature of 75 °C or more, far above any other.
    case heat
    /// A disk that is more than 98 percent full, which usual ones never are.
    case fullDisk
    /// A temperature about 30 °C above the one that is usual for the device and the hour, but below 60 °C.
    case jump
    /// A processor load of 350 percent or more, as devices with several processors count it, where usual loads lie
    /// evenly within 40 percent.
    case load
    /// No reading: the device is silent for a time, and this is one of the readings that it does not send.
    case silence
}
