/// One step of a minute, which is under way.
public struct MinuteStep: Equatable, Sendable {
    /// Its place on the minute's grid, from 0 on.
    public let number: Int
    /// When it was due, in milliseconds since the epoch; it begins then or a little later.
    public let dueMs: Int64
    /// When it must be over, flushing included, in milliseconds since the epoch: the next step, or the end.
    public let endMs: Int64
}
