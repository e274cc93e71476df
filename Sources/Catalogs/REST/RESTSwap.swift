internal import AWS
internal import Iceberg

/// What a REST catalog's refusal of a commit means (Iceberg REST specification, `updateTable`; servers differ).
enum RESTSwap {
    /// The outcome of a commit that was answered with an error. An attempt that may have acted leaves it open whatever
    /// the last one said: a conflict, for instance, could be with ourselves.
    static func outcome(of error: ServiceError, _ mapped: IcebergError) -> SwapOutcome {
        if mayHaveActed(error) { return .unknown(mapped) }
        return isConflict(error) ? .conflict : .failed(mapped)
    }

    /// Whether a call that changes something may have done so. Of the statuses above 500 the specification promises
    /// for 503 alone that nothing was done.
    static func mayHaveActed(_ error: ServiceError) -> Bool {
        // Without a token the call was not sent, or sent with one that was refused.
        if error.operation == RESTToken.operation { return false }
        if error.mayHaveActed || error.code == "CommitStateUnknownException" { return true }
        guard let status = error.status else { return false }
        return status >= 500 && status != 503
    }

    /// Whether another commit came first. A requirement that does not hold, or a sequence number that is taken, is a
    /// conflict too, which some servers call a bad request.
    private static func isConflict(_ error: ServiceError) -> Bool {
        if error.operation == RESTToken.operation { return false }
        if error.status == 409 || error.code == "CommitFailedException" { return true }
        let message = error.message.lowercased()
        return error.status == 400
            && (message.holds("add snapshot with sequence number") || message.holds("commit validation failed"))
    }
}
