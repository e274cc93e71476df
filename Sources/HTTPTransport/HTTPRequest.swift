/// A request method (RFC 9110 §9).
public enum HTTPMethod: String, Sendable {
    case get = "GET"
    case head = "HEAD"
    case put = "PUT"
    case post = "POST"
    case delete = "DELETE"
}

/// A field of a head: a name, which has no case, and a value.
public struct HTTPField: Equatable, Sendable {
    /// The name as it is sent.
    public let name: String
    /// The value, without white space at its ends.
    public let value: String

    /// A field.
    public init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}

/// A request, whole.
public struct HTTPRequest: Sendable {
    /// What is asked.
    public var method: HTTPMethod
    /// An absolute URL, percent-encoded already: path and query are sent byte by byte as they stand.
    public var url: String
    /// Fields beside those that the transport adds: `Host`, `Content-Length` and `Connection`.
    public var fields: [HTTPField]
    /// All of the body; it is sent from this very memory.
    public var body: [UInt8]
    /// A longer response body is refused, in bytes.
    public var maximumResponseBytes: Int
    /// Whether a redirect is followed instead of returned.
    public var followsRedirects: Bool

    /// A request.
    public init(
        _ method: HTTPMethod, _ url: String, fields: [HTTPField] = [], body: [UInt8] = [],
        maximumResponseBytes: Int = 64 << 20, followsRedirects: Bool = false
    ) {
        self.method = method
        self.url = url
        self.fields = fields
        self.body = body
        self.maximumResponseBytes = maximumResponseBytes
        self.followsRedirects = followsRedirects
    }
}
