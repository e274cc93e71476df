/// How a local twin stands at one moment.
struct TwinStatus: Equatable {
    /// What the twin is doing.
    enum Phase: Equatable {
        /// Records are made, and taken.
        case running
        /// No more records are made; those that are in the streams are taken.
        case draining
        /// Nothing more is begun.
        case ending
    }

    /// A function that reads a stream, all its mappings together.
    struct Consumer: Equatable {
        var stream: String
        var job: String
        /// Records that the function took since the start.
        var taken: Int64 = 0
        var takenPerSecond: Double = 0
        /// Records that lie in the stream and are not taken.
        var lag: Int64 = 0
        /// Why the stream could not be read when it was tried last, so that the lag is not known; nil if it could.
        var sourceFault: String?
        /// How old the oldest of them is, in milliseconds; nil if there is none.
        var oldestMs: Int64?
        var invocations = 0
        /// Invocations that failed, each of which is tried again unless the mapping gives its records up.
        var failures = 0
        /// Records given up.
        var discarded = 0
        /// Processes started in place of ones that ended.
        var restarts = 0
        /// Processes that the twin killed.
        var kills = 0
        /// Memory of the processes, in bytes.
        var memoryBytes = 0
    }

    /// A stream, and what is put into it.
    struct Stream: Equatable {
        var name: String
        /// Records made since the start.
        var made: Int64 = 0
        var madePerSecond: Double = 0
    }

    /// A table.
    struct Table: Equatable {
        var name: String
        var rows: Int64
        /// Rows and commits since the start.
        var newRows: Int64
        var commits: Int64
    }

    var lake: String
    var seconds: Double = 0
    var phase = Phase.running
    /// Whether records were still made when nothing more was begun.
    var isCutShort = false
    var streams: [Stream] = []
    var consumers: [Consumer] = []
    var tables: [Table] = []
    var deadLetters: Int64 = 0
    var alerts: Int64 = 0
    /// What happened last, oldest first.
    var events: [String] = []

    /// Records made in all.
    var made: Int64 { streams.reduce(0) { $0 + $1.made } }
    /// Records that are not taken, of all consumers.
    var lag: Int64 { consumers.reduce(0) { $0 + $1.lag } }
    var failures: Int { consumers.reduce(0) { $0 + $1.failures } }
    var restarts: Int { consumers.reduce(0) { $0 + $1.restarts } }
    var kills: Int { consumers.reduce(0) { $0 + $1.kills } }
    var discarded: Int { consumers.reduce(0) { $0 + $1.discarded } }
}

/// How many things a second came lately.
struct RateMeter {
    private var samples: [(seconds: Double, count: Int64)] = []
    private static let windowSeconds = 5.0

    /// Notes a count, and says how fast it has grown of late.
    mutating func rate(_ count: Int64, atSeconds now: Double) -> Double {
        samples.append((now, count))
        while samples.count > 2, samples[1].seconds <= now - Self.windowSeconds { samples.removeFirst() }
        guard let first = samples.first, now > first.seconds else { return 0 }
        return Double(count - first.count) / (now - first.seconds)
    }
}
