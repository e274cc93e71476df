internal import Calendar
internal import Foundation
internal import Simulation

/// An endless stream of generated sensor readings: reading `n` of a seed is the same on every machine and in every
/// run. Times depend on `n` alone, so that a stream goes on where an earlier run stopped.
struct SensorReadings {
    let seed: UInt64
    /// About one record in this many is bad.
    var badRecordRate: UInt64 = 800

    /// Twelve devices report in turn.
    static let devices = 12
    /// Each device reports every ten seconds.
    static let intervalMs = 10_000 / Int64(devices)
    /// 2026-01-05T00:00:00Z, the first reading's time.
    static let startMs: Int64 = 1_767_571_200_000

    /// When the stream takes record `n`, in milliseconds since the epoch.
    static func arrivalMs(_ index: Int) -> Int64 { startMs + Int64(index) * intervalMs + 120 }

    /// The number of the device that sends record `n`.
    static func device(_ index: Int) -> Int { index % devices + 1 }

    /// Whether record `n` is one that cannot be decoded.
    func isBad(_ index: Int) -> Bool { number(index, 0) % badRecordRate == 7 % badRecordRate }

    /// The bytes of record `n`: one JSON object, or something that a broken sensor sends.
    func record(_ index: Int) -> [UInt8] {
        let good = reading(index)
        guard isBad(index) else { return Array(good.utf8) }
        let device = Self.device(index)
        switch number(index, 1) % 5 {
        case 0: return Array(good.utf8.prefix(good.utf8.count / 2))
        case 1: return Array("sensor \(device) restarted".utf8)
        case 2: return Array(good.replacing("\"temperature\": ", with: "\"temperature\": \"hot\", \"was\": ").utf8)
        case 3: return Array(good.replacing("\"id_device\": \(device)", with: "\"id_device\": 99999999999").utf8)
        default: return Array(good.replacing("\"timestamp_sent\": \"2026", with: "\"timestamp_sent\": \"26").utf8)
        }
    }

    /// Reading `n` as sensors write it.
    private func reading(_ index: Int) -> String {
        let device = Self.device(index)
        let timeMs = Self.startMs + Int64(index) * Self.intervalMs
        let fraction = number(index, 2) % 1_000_000
        // Warmest in the afternoon: a triangle over the day, from 0 at 3 o'clock to 12 at 15 o'clock.
        let minute = Int((timeMs / 60_000) % 1440)
        let warmth = abs((minute + 540) % 1440 - 720) * 12 / 720
        let temperature = 8 + device % 5 + warmth + Int(number(index, 3) % 4)
        let cpu = percent(index, 4, from: 5 + device * 2, spread: 4000)
        let ram = percent(index, 5, from: 30 + device, spread: 2500)
        let hd = percent(index, 6, from: 40 + device * 3, spread: 150)
        let second = TimeText.second(timeMs)
        return """
            {"temperature": \(temperature), "cpu": \(cpu), "ram": \(ram), "hd": \(hd), "timestamp": "\(second)\
            .\(CivilDate.padded(Int64(fraction), 6))", "timestamp_sent": "\(second.prefix(13))", "id_device": \(device)}
            """
    }

    /// A percentage with two digits after the point, as text: exact, whatever the machine's rounding.
    private func percent(_ index: Int, _ salt: UInt64, from: Int, spread: UInt64) -> String {
        let hundredths = min(from * 100 + Int(number(index, salt) % spread), 10_000)
        return "\(hundredths / 100).\(CivilDate.padded(Int64(hundredths % 100), 2))"
    }

    private func number(_ index: Int, _ salt: UInt64) -> UInt64 { SeededNumbers(seed: seed).number(index, salt) }
}
