public import HTTPTransport

/// The parts of a request that Signature Version 4 covers.
public struct SignableRequest: Sendable {
    /// What is asked.
    public var method: HTTPMethod
    /// The host as the `Host` field names it.
    public var host: String
    /// The path as it is sent.
    public var path: String
    /// The query, decoded.
    public var query: [(name: String, value: String)]
    /// The fields, without `Host`.
    public var fields: [HTTPField]

    /// A request.
    public init(
        _ method: HTTPMethod, host: String, path: String, query: [(name: String, value: String)] = [],
        fields: [HTTPField] = []
    ) {
        self.method = method
        self.host = host
        self.path = path
        self.query = query
        self.fields = fields
    }
}
