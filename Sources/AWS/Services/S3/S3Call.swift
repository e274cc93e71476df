public import HTTPTransport

/// One call of S3: the request, and how its reply is read.
public struct S3Call<Reply>: Sendable {
    /// The request.
    public let request: ServiceRequest
    private let reading: @Sendable (HTTPResponse) throws(ServiceError) -> Reply

    init(
        _ request: ServiceRequest, reading: @escaping @Sendable (HTTPResponse) throws(ServiceError) -> Reply
    ) {
        self.request = request
        self.reading = reading
    }

    /// What a reply says; one that the client has found successful, that is.
    /// - Throws: ``ServiceError/Kind/malformedReply`` for one that S3 does not send, and the fault that some operations
    ///   report behind a status of 200.
    public func reply(_ response: HTTPResponse) throws(ServiceError) -> Reply { try reading(response) }

    /// The same call with its reply turned into another value.
    public func map<Other>(_ transform: @escaping @Sendable (Reply) -> Other) -> S3Call<Other> {
        S3Call<Other>(request) { (response) throws(ServiceError) in transform(try reply(response)) }
    }
}

extension S3Call where Reply == Void {
    init(_ request: ServiceRequest) { self.init(request) { (_) throws(ServiceError) in } }
}
