/// A batch, or what is left of one, that the function has not taken.
struct BatchPart {
    var records: [StreamRecord]
    /// Tries after the first that failed: what `MaximumRetryAttempts` counts. Splitting a batch does not count, and
    /// its halves go on counting where it was.
    var retries = 0
    /// Tries in a row that were throttled.
    var throttles = 0
    var invocations = 0
    /// When it may be sent, in milliseconds since the epoch.
    var notBeforeMs: Int64 = .min
    var requestID = ""
    var isFunctionError = false

    /// Both halves, the first of which is the larger where they differ.
    var halves: (BatchPart, BatchPart) {
        var first = self
        var second = self
        let middle = (records.count + 1) / 2
        first.records = Array(records[..<middle])
        second.records = Array(records[middle...])
        return (first, second)
    }
}
