/// What became of one event given to a function.
struct InvocationReport: Equatable {
    /// How it ended.
    enum Outcome: Equatable {
        /// The function answered.
        case response([UInt8])
        /// The function reported an error of this invocation.
        case functionError(type: String, message: String)
        /// The function reported that it cannot initialise.
        case initialisationError(type: String, message: String)
        /// The process ended without an answer, by itself.
        case exit(status: Int32)
        /// A signal ended the process, such as 4 or 5 for a trap and 9 for a kill.
        case crash(signal: Int32)
        /// The function took longer than it may, and was killed.
        case timeout(seconds: Double)
    }

    /// The invocation's id, as the function saw it.
    let requestID: String
    /// How it ended.
    let outcome: Outcome
    /// From handing over the event to its answer, in milliseconds; nil if the event was never handed over.
    let durationMilliseconds: Double?
    /// From starting the process to its first request for an event, in milliseconds; nil if the process was warm, or
    /// never asked.
    let initialisationMilliseconds: Double?
    /// The most memory that the process had resident so far, in bytes; nil if it cannot be told, or if the
    /// event was never handed over.
    let peakMemoryBytes: Int?
    /// The lines that the function wrote meanwhile, on standard output and error.
    let logLines: [String]

    /// Whether the function answered.
    var isSuccess: Bool { if case .response = outcome { true } else { false } }
}
