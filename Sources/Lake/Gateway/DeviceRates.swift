/// How often each device may send to this environment of the function: a bucket of tokens each, which fills steadily.
struct DeviceRates {
    /// Requests a second; nil for any number.
    let perSecond: Double?
    /// Requests that may come at once after a pause.
    var burst: Double { max(1, (perSecond ?? 0) * Self.burstSeconds) }
    private var buckets: [String: Bucket] = [:]

    /// So many seconds' worth of requests may come at once.
    static let burstSeconds = 10.0
    /// Devices that are kept apart; beyond, those that have been quiet are forgotten.
    static let maximumDevices = 20_000

    private struct Bucket {
        var tokens: Double
        var atMs: Int64
    }

    init(perSecond: Double?) { self.perSecond = perSecond }

    /// Counts a request of a device.
    /// - Returns: nil if it may be served; otherwise after how many milliseconds the next may.
    mutating func take(_ device: String, nowMs: Int64) -> Int64? {
        guard let perSecond else { return nil }
        if buckets.count >= Self.maximumDevices, buckets[device] == nil { forgetQuiet(nowMs, perSecond) }
        let before = buckets[device] ?? Bucket(tokens: burst, atMs: nowMs)
        // A clock that is set back does not empty the bucket.
        let tokens = min(burst, before.tokens + Double(max(0, nowMs - before.atMs)) / 1000 * perSecond)
        guard tokens >= 1 else {
            buckets[device] = Bucket(tokens: tokens, atMs: nowMs)
            return Int64(((1 - tokens) / perSecond * 1000).rounded(.up))
        }
        buckets[device] = Bucket(tokens: tokens - 1, atMs: nowMs)
        return nil
    }

    /// Forgets the devices whose bucket is full again, and all if none is.
    private mutating func forgetQuiet(_ nowMs: Int64, _ perSecond: Double) {
        let burst = burst
        buckets = buckets.filter { $0.value.tokens + Double(nowMs - $0.value.atMs) / 1000 * perSecond < burst }
        if buckets.count >= Self.maximumDevices { buckets = [:] }
    }
}
