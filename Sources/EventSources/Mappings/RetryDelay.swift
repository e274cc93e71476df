/// The waits between two tries of a batch: each twice the one before, up to a bound, and of each a random part between
/// half and all, so that shards that failed together do not come again together.
struct RetryDelay: Sendable {
    let baseMs: Int64
    let maximumMs: Int64
    private var state: UInt64

    init(baseMs: Int64, maximumMs: Int64, seed: UInt64) {
        self.baseMs = max(0, baseMs)
        self.maximumMs = max(0, maximumMs)
        state = seed
    }

    /// The wait before try `number`, from 1 on, in milliseconds.
    mutating func next(_ number: Int) -> Int64 {
        let doublings = Int64(min(max(number, 1) - 1, 40))
        let (product, overflow) = baseMs.multipliedReportingOverflow(by: 1 << doublings)
        let full = overflow ? maximumMs : min(product, maximumMs)
        return full - Int64(random() % UInt64(full / 2 + 1))
    }

    /// SplitMix64.
    private mutating func random() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}
