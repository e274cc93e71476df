public import HTTPTransport

/// One call of a service, before it is signed.
public struct ServiceRequest: Sendable {
    /// How a call proves whom it is from.
    public enum Authorization: Equatable, Sendable {
        /// Signature Version 4, under this signing name; nil for the service's own.
        case signed(as: String?)
        /// A bearer token (RFC 6750).
        case bearer(String)
        /// A field with a secret value, such as an API key's, that shows in no error.
        case field(HTTPField)
        /// Not at all.
        case none
    }

    /// How the service words its errors.
    public enum ErrorFormat: Equatable, Sendable {
        /// AWS's JSON protocols.
        case json
        /// S3 and AWS's query protocol.
        case xml
        /// The Iceberg REST catalog, its OAuth2 endpoint included.
        case iceberg
    }

    /// What the signature says of the body.
    public enum PayloadSignature: Equatable, Sendable {
        /// Its hash is made where the call is signed.
        case hash
        /// Its hash, known already, in hexadecimal.
        case known(String)
        /// The body is not signed: S3 over TLS only.
        case unsigned
    }

    /// The service.
    public var service: AWSService
    /// The operation, such as `PutObject`: for errors.
    public var operation: String
    /// What is asked.
    public var method: HTTPMethod
    /// Where, as `scheme://host[:port][/path]`; nil for the service's own endpoint.
    public var endpoint: String?
    /// The path from `/` on, percent-encoded as it is sent.
    public var path: String
    /// The query, decoded.
    public var query: [(name: String, value: String)]
    /// Fields beside those that the client adds to sign.
    public var fields: [HTTPField]
    /// All of the body.
    public var body: [UInt8]
    /// A longer response body is refused, in bytes.
    public var maximumResponseBytes: Int
    /// Whether it may be sent again although it may have acted: twice comes to the same as once.
    public var isIdempotent: Bool
    /// How it proves whom it is from.
    public var authorization: Authorization
    /// How the service words its errors.
    public var errorFormat: ErrorFormat
    /// What the signature says of the body.
    public var payloadSignature: PayloadSignature
    /// The region that is signed for; nil for the configuration's.
    public var region: String?

    /// A call.
    public init(
        _ service: AWSService, _ operation: String, _ method: HTTPMethod, endpoint: String? = nil, path: String = "/",
        query: [(name: String, value: String)] = [], fields: [HTTPField] = [], body: [UInt8] = [],
        maximumResponseBytes: Int = 64 << 20, isIdempotent: Bool, authorization: Authorization = .signed(as: nil),
        errorFormat: ErrorFormat, payloadSignature: PayloadSignature = .hash, region: String? = nil
    ) {
        self.service = service
        self.operation = operation
        self.method = method
        self.endpoint = endpoint
        self.path = path
        self.query = query
        self.fields = fields
        self.body = body
        self.maximumResponseBytes = maximumResponseBytes
        self.isIdempotent = isIdempotent
        self.authorization = authorization
        self.errorFormat = errorFormat
        self.payloadSignature = payloadSignature
        self.region = region
    }
}

extension ServiceRequest {
    /// Whether credentials prove whom it is from.
    var isSigned: Bool { if case .signed = authorization { true } else { false } }
}

extension ServiceRequest.Authorization: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Its kind alone: safe to log.
    public var description: String {
        switch self {
        case .signed: "a signature"
        case .bearer: "a bearer token"
        case .field(let field): "the field \(field.name)"
        case .none: "nothing"
        }
    }
    /// The same.
    public var debugDescription: String { description }
    /// Nothing: a dump shows no secret.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
