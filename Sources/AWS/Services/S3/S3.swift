internal import HTTPTransport

/// Amazon S3, and services that speak as it does: sends the calls that an ``S3Bucket`` makes.
public struct S3 {
    /// What signs, sends and retries.
    public let client: ServiceClient

    /// S3 as the client's configuration has it.
    public init(_ client: ServiceClient) { self.client = client }

    /// A bucket.
    /// - Throws: ``ServiceError/Kind/configuration`` for a name that no bucket can have, or if the region is missing.
    public func bucket(_ name: String) throws(ServiceError) -> S3Bucket {
        try S3Bucket(name, client.configuration)
    }

    /// Sends calls, all at once.
    /// - Returns: what came of each, in order.
    public func send<Reply>(_ calls: [S3Call<Reply>]) -> [Result<Reply, ServiceError>] { finish(start(calls)) }

    /// Puts calls on the wire and returns: ``finish(_:)`` waits for them.
    public func start<Reply>(_ calls: [S3Call<Reply>]) -> S3Exchange<Reply> {
        S3Exchange(calls: calls, exchange: client.start(calls.map(\.request)))
    }

    /// Waits for calls.
    /// - Returns: what came of each, in order.
    public func finish<Reply>(_ exchange: S3Exchange<Reply>) -> [Result<Reply, ServiceError>] {
        zip(exchange.calls, client.finish(exchange.exchange)).map { call, response in
            do throws(ServiceError) {
                return .success(try call.reply(try response.get()))
            } catch {
                return .failure(error)
            }
        }
    }
}

/// Calls that are under way, between ``S3/start(_:)`` and ``S3/finish(_:)``.
public struct S3Exchange<Reply> {
    let calls: [S3Call<Reply>]
    let exchange: ServiceExchange
}
