internal import HTTPTransport
internal import JSON

/// What a service says in a reply that is an error.
struct ErrorReply: Equatable {
    /// The service's name of the fault; the status's where it gives none.
    let code: String
    /// What it says, as one line without secrets.
    let message: String
    /// The service's id of the request.
    let requestID: String?

    /// A longer body is no error's: it is not read, in bytes.
    private static let maximumBytes = 1 << 16
    /// A message is cut behind so many characters.
    private static let maximumMessage = 400

    /// Reads a reply, however broken: what cannot be read is left out.
    /// - Parameter secrets: texts that must not show in the message.
    init(_ response: HTTPResponse, format: ServiceRequest.ErrorFormat, hiding secrets: [String] = []) {
        let body = response.body.count <= Self.maximumBytes ? response.body : []
        var found: (code: String?, message: String?, requestID: String?) = (nil, nil, nil)
        // What stands before a service, such as a load balancer, may word its errors another way than the service.
        if body.first == UInt8(ascii: "<") || format == .xml {
            if let reply = XMLErrorReply.parse(body) { found = (reply.code, reply.message, reply.requestID) }
        } else {
            (found.code, found.message) = Self.json(body)
        }
        let header = response["x-amzn-errortype"] ?? response["x-amz-error-code"]
        code =
            header.flatMap(Self.bareCode) ?? found.code.flatMap(Self.bareCode) ?? Self.code(ofStatus: response.status)
        message = Self.line(found.message ?? response["x-amz-error-message"] ?? "", hiding: secrets)
        let id = response["x-amzn-requestid"] ?? response["x-amz-request-id"] ?? found.requestID
        requestID = id.flatMap { Self.isPlain($0) ? $0 : nil }
    }

    /// The code and message of AWS's JSON protocols, of the Iceberg REST catalog's error model, of OAuth2's, or of
    /// Elasticsearch's.
    private static func json(_ body: [UInt8]) -> (code: String?, message: String?) {
        guard let reply = try? JSONValue(parsing: body) else { return (nil, nil) }
        if let error = reply["error"] {
            if let type = error.string { return (type, reply["error_description"]?.string) }
            return (error["type"]?.string, (error["message"] ?? error["reason"])?.string)
        }
        let message = ["message", "Message", "errorMessage"].lazy.compactMap { reply[$0]?.string }.first
        return (reply["__type"]?.string ?? reply["code"]?.string ?? reply["Code"]?.string, message)
    }

    /// A code without the namespace before `#` and the address behind `:`; nil if it is none.
    private static func bareCode(_ text: String) -> String? {
        let named = text.split(separator: "#", omittingEmptySubsequences: false).last ?? ""
        let bare = String(named.prefix { $0 != ":" })
        return isPlain(bare) ? bare : nil
    }

    /// Whether a text may stand in a line as it is: short, and of letters, digits and a few signs.
    private static func isPlain(_ text: String) -> Bool {
        (1...128).contains(text.utf8.count)
            && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "<") && $0 != UInt8(ascii: ";") }
    }

    /// The first line of a text. AWS repeats a request whose signature is wrong behind it, session token included.
    private static func line(_ text: String, hiding secrets: [String]) -> String {
        var line = String(text.prefix { !$0.isNewline }.prefix(maximumMessage))
        for secret in secrets { line = line.hiding(secret) }
        return String(String.UnicodeScalarView(line.unicodeScalars.map { $0.properties.isControl ? " " : $0 }))
    }

    /// A name for a status that comes without one, as to a HEAD.
    private static func code(ofStatus status: Int) -> String {
        switch status {
        case 301: "PermanentRedirect"
        case 302, 303, 307, 308: "Redirect"
        case 304: "NotModified"
        case 400: "BadRequest"
        case 401: "Unauthorized"
        case 403: "Forbidden"
        case 404: "NotFound"
        case 409: "Conflict"
        case 412: "PreconditionFailed"
        case 429: "TooManyRequests"
        case 500: "InternalError"
        case 502: "BadGateway"
        case 503: "ServiceUnavailable"
        case 504: "GatewayTimeout"
        default: "HTTP\(status)"
        }
    }
}

extension Unicode.Scalar.Properties {
    /// Whether the character moves the cursor instead of showing.
    fileprivate var isControl: Bool { generalCategory == .control || generalCategory == .format }
}
