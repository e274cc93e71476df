/// Until when requests may take, shared by everything that sends them: a function sets it when an invocation begins.
/// One thread at a time may use it.
public final class RequestDeadline {
    /// In milliseconds since the epoch; nil for none.
    public var milliseconds: Int64?

    /// A deadline that is not set.
    public init(milliseconds: Int64? = nil) { self.milliseconds = milliseconds }
}
