/// How far the records of the latest minutes have been made, so that a process makes none twice: pure.
struct MadeMinutes {
    /// The minute noted first comes first.
    private var minutes: [(minute: Minute, madeMs: Int64)] = []

    /// Minutes that are remembered, at most: a schedule gives a minute up, or delivers it again, long before an hour is over.
    static let most = 64

    /// A minute's records of before this, in milliseconds since the epoch, have been made: by a run of the same minute, or of
    /// one that overlaps it.
    func madeMs(of minute: Minute) -> Int64 {
        minutes.lazy.filter { abs($0.minute.startMs - minute.startMs) < Minute.lengthMs }.map(\.madeMs).max() ?? .min
    }

    /// Notes that a minute's records of before a time, in milliseconds since the epoch, have been made.
    mutating func note(_ minute: Minute, madeMs: Int64) {
        if let place = minutes.firstIndex(where: { $0.minute == minute }) {
            minutes[place].madeMs = max(minutes[place].madeMs, madeMs)
            return
        }
        if minutes.count == Self.most { minutes.removeFirst() }
        minutes.append((minute, madeMs))
    }
}
