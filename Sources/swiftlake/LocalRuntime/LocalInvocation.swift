/// One event on its way through a function: what is known of it so far. Times are seconds on a clock that nobody sets.
struct LocalInvocation {
    /// The event.
    let event: [UInt8]
    /// A random UUID.
    let requestID = Self.randomID()
    /// When it was asked for.
    let created: Double
    /// When the process was started, if it was started for this event.
    var started: Double?
    /// When the event was handed over.
    var handedOver: Double?
    /// When the answer came.
    var answered: Double?
    /// How long the process took to ask for its first event, in milliseconds.
    var initialisationMilliseconds: Double?
    /// What the process reported of its initialisation, before it ended.
    var initialisationError: InvocationReport.Outcome?
    /// The most memory of a process that has ended.
    var peakMemoryBytes: Int?
    /// How it ended, once it has.
    var outcome: InvocationReport.Outcome?

    init(event: [UInt8], created: Double) {
        self.event = event
        self.created = created
    }

    /// A UUID of version 4.
    private static func randomID() -> String {
        var bytes = (0..<16).map { _ in UInt8.random(in: .min ... .max) }
        bytes[6] = bytes[6] & 0x0F | 0x40
        bytes[8] = bytes[8] & 0x3F | 0x80
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        for (index, byte) in bytes.enumerated() {
            if [4, 6, 8, 10].contains(index) { text.append(UInt8(ascii: "-")) }
            text += [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
        }
        return String(decoding: text, as: UTF8.self)
    }
}
