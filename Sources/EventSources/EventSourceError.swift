/// Why a stream of this machine cannot be used, or an option of a mapping not be taken.
public struct EventSourceError: Error, Equatable, Sendable {
    /// The kind of fault, for code that decides.
    public enum Code: String, Sendable {
        /// The file system refused.
        case inputOutput = "InputOutput"
        /// Another process has the stream open.
        case inUse = "InUse"
        /// A line of a log is not what was written.
        case corrupt = "Corrupt"
        /// The folder holds a stream of another kind, or of another number of shards.
        case otherStream = "OtherStream"
        /// There is no such shard.
        case unknownShard = "UnknownShard"
        /// The record cannot be taken: its key or its size is not as the source wants it.
        case badRecord = "BadRecord"
        /// An option outside what AWS takes.
        case badOption = "BadOption"
    }

    /// The kind of fault.
    public let code: Code
    /// What is wrong, where, and what to do; it holds nothing of a record.
    public let message: String

    /// An error.
    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }
}

extension EventSourceError: CustomStringConvertible {
    /// Safe to log.
    public var description: String { message }
}
