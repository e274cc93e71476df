internal import Glibc
internal import Iceberg

/// Ends the process at a given step of its commits, as a power cut would: the fault hook by which tests sweep every
/// point of a commit. Only a local run reads the variable that sets it.
final class KillAtStep {
    private var remaining: Int

    /// - Parameter step: 1 for the first step that others can see.
    init(_ step: Int) { remaining = step }

    /// Counts one step.
    func callAsFunction(_: CommitStep) {
        remaining -= 1
        if remaining == 0 { kill(getpid(), SIGKILL) }
    }
}
