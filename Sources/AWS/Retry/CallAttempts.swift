/// One call's way through its attempts: told why one did not succeed, it says what to do next. Pure: the time and
/// randomness come with each step.
struct CallAttempts: Sendable {
    /// What to do next.
    enum Action: Equatable, Sendable {
        /// Nothing: the call has failed.
        case giveUp
        /// Send it again once so many milliseconds have passed, after fetching other credentials or setting the clock
        /// where the remedy says so.
        case sendAgain(afterMs: Int64, CallFault.Remedy)
    }

    /// What one step may draw on.
    struct Moment: Sendable {
        /// Milliseconds since the epoch.
        var nowMs: Int64
        /// Until when calls may take; nil for ever.
        var deadlineMs: Int64?
        /// 64 random bits.
        var random: UInt64
    }

    private let isIdempotent: Bool
    private let maximum: Int
    /// Requests sent.
    private(set) var sent = 0
    /// Whether the service may have acted in any attempt so far.
    private(set) var mayHaveActed = false
    /// What the last retry took from the budget.
    private var taken = 0
    private var waits = 0
    private var hasNewCredentials = false
    private var hasSetClock = false

    /// An attempt that would begin with less time left, in milliseconds, is not worth while.
    static let leastTimeMs: Int64 = 20
    /// A service that asks to be left alone for longer, in milliseconds, is not waited for.
    static let longestWaitMs: Int64 = 60_000

    init(isIdempotent: Bool, maximum: Int) {
        self.isIdempotent = isIdempotent
        self.maximum = maximum
    }

    /// Notes that the call is put on the wire.
    mutating func willSend() { sent += 1 }

    /// Notes that it succeeded.
    func succeeded(_ budget: inout RetryBudget) { budget.succeeded(afterTaking: taken) }

    /// Decides what follows a fault.
    mutating func failed(_ fault: CallFault, at moment: Moment, _ budget: inout RetryBudget) -> Action {
        mayHaveActed = mayHaveActed || fault.error.mayHaveActed
        // Sent again it might act twice, unless this attempt certainly did not; earlier ones are known not to have.
        guard isIdempotent || !fault.error.mayHaveActed else { return .giveUp }
        var wait: Int64 = 0
        switch fault.remedy {
        case .none: return .giveUp
        case .newCredentials:
            guard !hasNewCredentials else { return .giveUp }
            hasNewCredentials = true
        case .clock:
            guard !hasSetClock else { return .giveUp }
            hasSetClock = true
        case .wait, .slowDown:
            guard waits + 1 < maximum else { return .giveUp }
            let backoff = fault.remedy == .wait ? Backoff.transient : .throttled
            wait = max(backoff.wait(beforeRetry: waits + 1, random: moment.random), fault.retryAfterMs ?? 0)
            guard wait <= Self.longestWaitMs, isInTime(wait, moment) else { return .giveUp }
            let cost = fault.isTimeOut ? RetryBudget.costOfTimeOut : RetryBudget.cost
            guard budget.take(cost) else { return .giveUp }
            taken = cost
            waits += 1
        }
        guard isInTime(wait, moment) else { return .giveUp }
        return .sendAgain(afterMs: wait, fault.remedy)
    }

    /// The error that the call ends with: the last attempt's, with what is true of them all.
    func error(_ last: ServiceError) -> ServiceError {
        ServiceError(
            last.kind, service: last.service, operation: last.operation, code: last.code, message: last.message,
            advice: last.advice, status: last.status, requestID: last.requestID,
            mayHaveActed: mayHaveActed || last.mayHaveActed, attempts: sent, retryAfterMs: last.retryAfterMs)
    }

    private func isInTime(_ wait: Int64, _ moment: Moment) -> Bool {
        guard let deadline = moment.deadlineMs else { return true }
        return wait <= deadline - moment.nowMs - Self.leastTimeMs
    }
}
