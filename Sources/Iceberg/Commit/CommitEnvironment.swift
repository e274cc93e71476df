/// What a commit takes from outside beside its catalog and store, so that a test can give it all.
public struct CommitEnvironment {
    /// Milliseconds since the epoch.
    public var nowMs: () -> Int64
    /// Where snapshot ids, file names and the jitter of waiting come from.
    public var random: any RandomNumberGenerator
    /// Waits between attempts, for a number of milliseconds.
    public var sleep: (Int64) -> Void
    /// Called before and after each step that others can see. When it is set, files are put one at a time, in order,
    /// so that a test can stop the process between any two.
    public var willTake: ((CommitStep) -> Void)?

    /// An environment.
    public init(
        nowMs: @escaping () -> Int64, random: any RandomNumberGenerator, sleep: @escaping (Int64) -> Void,
        willTake: ((CommitStep) -> Void)? = nil
    ) {
        self.nowMs = nowMs
        self.random = random
        self.sleep = sleep
        self.willTake = willTake
    }

    /// A fresh version 4 UUID (RFC 9562).
    public mutating func uuid() -> String { Self.uuid(&random) }

    /// What the next step may draw on.
    mutating func draw() -> CommitDraw {
        CommitDraw(nowMs: nowMs(), uuid: uuid(), number: random.next())
    }

    private static func uuid(_ random: inout any RandomNumberGenerator) -> String {
        let high = random.next() & 0xFFFF_FFFF_FFFF_0FFF | 0x4000
        let low = random.next() & 0x3FFF_FFFF_FFFF_FFFF | 0x8000_0000_0000_0000
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        text.reserveCapacity(36)
        for index in 0..<32 {
            if [8, 12, 16, 20].contains(index) { text.append(UInt8(ascii: "-")) }
            let half = index < 16 ? high : low
            text.append(digits[Int(half >> UInt64(60 - 4 * (index % 16)) & 15)])
        }
        return String(decoding: text, as: UTF8.self)
    }
}

/// The time and the randomness that one step of a commit may use.
struct CommitDraw {
    /// Milliseconds since the epoch.
    var nowMs: Int64
    /// A fresh UUID.
    var uuid: String
    /// 64 random bits.
    var number: UInt64
}

/// A step of a commit that others can see.
public struct CommitStep: Hashable, Sendable {
    /// What is done.
    public enum Kind: String, Sendable { case put, swap, delete }
    /// When the step is announced.
    public enum Moment: String, Sendable { case before, after }

    /// What is done.
    public let kind: Kind
    /// The file; of a swap, the new metadata file.
    public let location: String
    /// Before or after it is done.
    public let moment: Moment

    /// A step.
    public init(_ kind: Kind, _ location: String, _ moment: Moment) {
        self.kind = kind
        self.location = location
        self.moment = moment
    }
}
