/// A request method (RFC 9110 §9).
public enum HTTPMethod: String, Sendable {
    case get = "GET"
    case head = "HEAD"
    case put = "PUT"
    case post = "POST"
    case delete = "DELETE"

    /// Whether asking twice is meant to have the effect of asking once (RFC 9110 §9.2.2).
    public var isIdempotent: Bool { self != .post }
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
    /// Fields beside those that the transport says itself: `Host` and `Content-Length`. Nothing else is added.
    public var fields: [HTTPField]
    /// All of the body; it is sent from this very memory.
    public var body: [UInt8]
    /// A longer response body is refused, in bytes.
    public var maximumResponseBytes: Int
    /// Whether a redirect of GET or HEAD is followed instead of returned: five times at most, from HTTPS to HTTPS only, and
    /// to another host with none but harmless fields.
    public var followsRedirects: Bool
    /// Whether the transport may send this again when a pooled connection ends before any byte of the response, though the
    /// server may have acted on the first sending.
    public var isIdempotent: Bool
    /// How long it may take; nil for what the transport's configuration says.
    public var timeouts: HTTPTimeouts?

    /// A request.
    /// - Parameter isIdempotent: nil for what the method says.
    public init(
        _ method: HTTPMethod, _ url: String, fields: [HTTPField] = [], body: [UInt8] = [],
        maximumResponseBytes: Int = 64 << 20, followsRedirects: Bool = false, isIdempotent: Bool? = nil,
        timeouts: HTTPTimeouts? = nil
    ) {
        self.method = method
        self.url = url
        self.fields = fields
        self.body = body
        self.maximumResponseBytes = maximumResponseBytes
        self.followsRedirects = followsRedirects
        self.isIdempotent = isIdempotent ?? method.isIdempotent
        self.timeouts = timeouts
    }
}
