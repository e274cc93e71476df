internal import HTTPTransport

/// AWS Lambda: invocations of functions.
public struct LambdaInvoke {
    private let client: ServiceClient

    /// The service, as a client reaches it.
    public init(_ client: ServiceClient) { self.client = client }

    /// What the function answered.
    public struct Reply: Equatable, Sendable {
        /// The result, or, if the function failed, the description of its error: JSON.
        public let payload: [UInt8]
        /// `Unhandled`, or another word of how the function failed; nil if it did not.
        public let functionError: String?
        /// The version that ran.
        public let executedVersion: String?
    }

    /// Invokes a function and waits for its answer (Invoke, RequestResponse). A function that fails has been invoked
    /// all the same: its reply says so.
    /// - Parameters:
    ///   - function: name, ARN or partial ARN.
    ///   - isIdempotent: whether it may be invoked again where it is not known whether it was.
    public func invoke(
        _ function: String, _ payload: [UInt8], isIdempotent: Bool = false
    ) throws(ServiceError) -> Reply {
        let response = try client.send(call(function, payload, "RequestResponse", isIdempotent))
        return Reply(
            payload: response.body, functionError: response["x-amz-function-error"],
            executedVersion: response["x-amz-executed-version"])
    }

    /// Hands an event to a function and does not wait (Invoke, Event).
    public func send(_ payload: [UInt8], to function: String, isIdempotent: Bool = false) throws(ServiceError) {
        _ = try client.send(call(function, payload, "Event", isIdempotent))
    }

    private func call(
        _ function: String, _ payload: [UInt8], _ type: String, _ isIdempotent: Bool
    ) -> ServiceRequest {
        ServiceRequest(
            .lambda, "Invoke", .post,
            path: "/2015-03-31/functions/\(PercentEncoding.encode(function))/invocations",
            fields: [
                HTTPField("content-type", "application/json"), HTTPField("x-amz-invocation-type", type),
            ],
            body: payload, isIdempotent: isIdempotent, errorFormat: .json)
    }
}
