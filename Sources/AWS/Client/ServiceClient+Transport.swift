public import HTTPTransport

extension ServiceClient {
    /// A client.
    public convenience init(
        _ configuration: AWSConfiguration, credentials: any CredentialsProvider, transport: HTTPTransport,
        surroundings: ServiceSurroundings = .system()
    ) {
        let send: RequestSending = { requests in
            let exchange = transport.start(requests)
            return { transport.finish(exchange) }
        }
        self.init(
            configuration, credentials: credentials, deadline: transport.deadline, surroundings: surroundings,
            send: send)
    }
}
