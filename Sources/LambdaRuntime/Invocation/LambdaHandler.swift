/// A function: takes one event at a time and answers it. It may keep state from one event to the next.
public protocol LambdaHandler {
    /// What the function is called with.
    associatedtype Event: LambdaEvent

    /// Answers one event. An error is reported to Lambda as the invocation's failure, and the next event follows.
    mutating func handle(_ event: Event, _ context: Context) throws -> LambdaResponse
}

/// A closure as a handler.
public struct ClosureHandler<Event: LambdaEvent>: LambdaHandler {
    private let body: (Event, Context) throws -> LambdaResponse

    /// A handler that calls this closure.
    public init(_ body: @escaping (Event, Context) throws -> LambdaResponse) { self.body = body }

    /// Calls the closure.
    public mutating func handle(_ event: Event, _ context: Context) throws -> LambdaResponse {
        try body(event, context)
    }
}
