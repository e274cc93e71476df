import HTTPTransport
import Testing

@testable import AWS

@Suite struct CallAttemptsTests {
    private let moment = CallAttempts.Moment(nowMs: 1_000_000, deadlineMs: nil, random: 0)

    private func fault(
        _ status: Int, _ code: String = "", _ fields: [String: String] = [:], wasResent: Bool = false
    ) -> CallFault {
        CallFault(
            reply(status, "{\"__type\":\"\(code)\"}", fields, wasResent: wasResent), to: .call(),
            clock: CallClock(nowMs: 1_000_000))
    }

    private func failure(_ code: HTTPFailure.Code, mayHaveActed: Bool) -> CallFault {
        CallFault(HTTPFailure(code, "m", mayHaveActed: mayHaveActed), to: .call())
    }

    /// What follows the faults in turn, of a call that has only these attempts.
    private func actions(
        _ faults: [CallFault], isIdempotent: Bool = true, maximum: Int = 4, _ moment: CallAttempts.Moment? = nil
    ) -> (actions: [CallAttempts.Action], attempts: CallAttempts) {
        var attempts = CallAttempts(isIdempotent: isIdempotent, maximum: maximum)
        var budget = RetryBudget()
        let actions = faults.map { fault in
            attempts.willSend()
            return attempts.failed(fault, at: moment ?? self.moment, &budget)
        }
        return (actions, attempts)
    }

    @Test func idempotentCallIsSentAgainUpToTheMaximum() {
        let actions = actions([fault(500), fault(503), fault(502), fault(504)]).actions
        #expect(actions == Array(repeating: .sendAgain(afterMs: 0, .wait), count: 3) + [.giveUp])
        #expect(self.actions([fault(500)], maximum: 1).actions == [.giveUp])
    }

    @Test func callThatMayNotRepeatIsSentAgainOnlyWhereItDidNotAct() {
        let again = CallAttempts.Action.sendAgain(afterMs: 0, .wait)
        for (fault, expected) in [
            (fault(500), .giveUp), (fault(503), .giveUp), (fault(500, "InternalFailure"), .giveUp),
            (fault(503, "SlowDown"), .sendAgain(afterMs: 0, .slowDown)),
            (fault(429), .sendAgain(afterMs: 0, .slowDown)),
            (fault(400, "ThrottlingException"), .sendAgain(afterMs: 0, .slowDown)), (fault(408), again),
            (fault(400, "RequestTimeout"), again), (failure(.timedOut, mayHaveActed: true), .giveUp),
            (failure(.connectionLost, mayHaveActed: true), .giveUp),
            (failure(.cannotConnect, mayHaveActed: false), again),
            (failure(.connectionLost, mayHaveActed: false), again),
            (fault(429, wasResent: true), .giveUp),
        ] as [(CallFault, CallAttempts.Action)] {
            #expect(actions([fault], isIdempotent: false).actions == [expected], "\(fault.error)")
        }
    }

    @Test(arguments: [
        (400, "ValidationException"), (403, "AccessDenied"), (404, "NoSuchKey"),
        (409, "ConcurrentModificationException"),
        (412, "PreconditionFailed"), (301, "PermanentRedirect"), (501, "NotImplemented"), (304, ""),
    ])
    func definiteAnswerIsFinal(_ status: Int, _ code: String) {
        let (actions, attempts) = actions([fault(status, code)])
        #expect(actions == [.giveUp])
        #expect(!attempts.mayHaveActed)
    }

    @Test func whatMayHaveHappenedOnceIsNeverForgotten() {
        let (actions, attempts) = actions([fault(500), fault(412, "PreconditionFailed")])
        #expect(actions.last == .giveUp)
        let error = attempts.error(fault(412, "PreconditionFailed").error)
        #expect(error.mayHaveActed && error.kind == .preconditionFailed && error.attempts == 2)
    }

    @Test func waitIsJitteredAndGrows() {
        var attempts = CallAttempts(isIdempotent: true, maximum: 10)
        var budget = RetryBudget()
        var longest: [Int64] = []
        for bound in [100, 200, 400, 800, 1600] as [UInt64] {
            let moment = CallAttempts.Moment(nowMs: 0, deadlineMs: nil, random: bound)
            guard case .sendAgain(let wait, .wait) = attempts.failed(fault(500), at: moment, &budget) else { break }
            longest.append(wait)
        }
        #expect(longest == [100, 200, 400, 800, 1600])
    }

    @Test func serviceThatAsksForTimeGetsIt() {
        let asked = fault(503, "SlowDown", ["Retry-After": "7"])
        #expect(actions([asked]).actions == [.sendAgain(afterMs: 7_000, .slowDown)])
        #expect(actions([fault(503, "", ["x-amz-retry-after": "1500"])]).actions == [.sendAgain(afterMs: 1_500, .wait)])
        #expect(actions([fault(503, "", ["Retry-After": "61"])]).actions == [.giveUp])
    }

    @Test func noWaitGoesPastTheDeadline() {
        let asked = fault(503, "", ["x-amz-retry-after": "500"])
        for (deadline, isInTime) in [(1_000_519, false), (1_000_520, true), (999_000, false)] as [(Int64, Bool)] {
            let moment = CallAttempts.Moment(nowMs: 1_000_000, deadlineMs: deadline, random: 0)
            #expect(actions([asked], moment).actions == [isInTime ? .sendAgain(afterMs: 500, .wait) : .giveUp])
        }
    }

    @Test func expiredCredentialsAreRenewedOnceBesidesTheRetries() {
        let expired = fault(400, "ExpiredTokenException")
        let again = CallAttempts.Action.sendAgain(afterMs: 0, .newCredentials)
        #expect(actions([expired, expired], maximum: 1).actions == [again, .giveUp])
        #expect(actions([expired], isIdempotent: false).actions == [again])
    }

    @Test func clockIsSetOnceWhereTheServiceTellsAnother() {
        // An hour after 1970-01-01T00:16:40Z.
        let date = ["Date": "Thu, 01 Jan 1970 01:16:40 GMT"]
        let skewed = fault(403, "RequestTimeTooSkewed", date)
        #expect(
            actions([skewed, skewed]).actions == [.sendAgain(afterMs: 0, .clock(offsetMs: 3_600_000)), .giveUp])
        let wrongKey = fault(403, "SignatureDoesNotMatch", ["Date": "Thu, 01 Jan 1970 00:17:40 GMT"])
        #expect(actions([wrongKey]).actions == [.giveUp])
        #expect(actions([fault(403, "RequestTimeTooSkewed")]).actions == [.giveUp])
    }

    @Test func emptyBudgetEndsRetries() {
        var budget = RetryBudget()
        while budget.take(RetryBudget.cost) {}
        var attempts = CallAttempts(isIdempotent: true, maximum: 4)
        #expect(attempts.failed(fault(500), at: moment, &budget) == .giveUp)
        for _ in 0..<RetryBudget.cost { budget.succeeded(afterTaking: 0) }
        #expect(attempts.failed(fault(500), at: moment, &budget) == .sendAgain(afterMs: 0, .wait))
    }

    @Test func timeOutTakesMoreOfTheBudget() {
        var budget = RetryBudget()
        var attempts = CallAttempts(isIdempotent: true, maximum: 4)
        _ = attempts.failed(failure(.timedOut, mayHaveActed: true), at: moment, &budget)
        #expect(budget.tokens == RetryBudget.capacity - RetryBudget.costOfTimeOut)
        attempts.succeeded(&budget)
        #expect(budget.tokens == RetryBudget.capacity)
    }
}
