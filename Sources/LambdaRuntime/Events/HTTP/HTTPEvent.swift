/// A request, as an HTTP API of API Gateway (payload format 2.0) or a function URL sends it: views into the event.
public struct HTTPEvent: LambdaEvent, Sendable {
    /// The method, such as `POST`.
    public let method: ByteView
    /// The path, which begins with the stage's name where the stage is not `$default`.
    public let rawPath: ByteView
    /// What stands behind the question mark, as it was sent; empty if there is none.
    public let rawQueryString: ByteView
    /// The fields of the request's head. The gateway writes their names in lower case, and several of one name as one.
    public let headers: [HTTPEventField]
    /// The body as it stands in the event; nil if there is none.
    public let encodedBody: ByteView?
    /// Whether ``encodedBody`` is base64: the gateway encodes what it does not take for text.
    public let isBase64Encoded: Bool
    /// The request's id, which the access log of the API has too; empty if the event has none.
    public let requestID: ByteView
    /// The address that the request came from; empty if the event has none.
    public let sourceIP: ByteView
    /// When the request came, in milliseconds since the epoch, UTC; 0 if the event does not say so.
    public let timeMs: Int64
    /// The stage, `$default` for one without a name; empty if the event has none.
    public let stage: ByteView

    /// Decodes a request.
    /// - Throws: ``EventError`` with the field that is wrong.
    public init(_ buffer: EventBuffer) throws(EventError) {
        var parser = HTTPEventParser(buffer)
        try parser.parse()
        method = ByteView(buffer, try Self.require(parser.method, "requestContext.http.method"))
        rawPath = ByteView(buffer, try Self.require(parser.rawPath, "rawPath"))
        rawQueryString = ByteView(buffer, parser.rawQueryString)
        headers = parser.headers.map {
            HTTPEventField(name: ByteView(buffer, $0.name), value: ByteView(buffer, $0.value))
        }
        encodedBody = parser.body.map { ByteView(buffer, $0) }
        isBase64Encoded = parser.isBase64Encoded
        requestID = ByteView(buffer, parser.requestID)
        sourceIP = ByteView(buffer, parser.sourceIP)
        timeMs = parser.timeMs
        stage = ByteView(buffer, parser.stage)
    }

    private static func require(_ range: ByteRange?, _ path: String) throws(EventError) -> ByteRange {
        guard let range else { throw EventError(.missingField, path, "a request has it, but here it is missing") }
        return range
    }

    /// The value of the last field of this name, however either is spelled; nil if there is none.
    public func header(_ name: String) -> ByteView? { headers.last { $0.isNamed(name) }?.value }

    /// The path without the stage's name before it: what the API's routes are about.
    public var path: String {
        let path = rawPath.string
        let prefix = "/" + stage.string
        guard prefix.utf8.count > 1, path.utf8.starts(with: prefix.utf8) else { return path }
        let rest = path.utf8.dropFirst(prefix.utf8.count)
        return rest.isEmpty ? "/" : rest.first == UInt8(ascii: "/") ? String(Substring(rest)) : path
    }

    /// A copy of the body's bytes as they were sent; empty if there is none.
    /// - Throws: ``EventError`` with code ``EventError/Code/badValue`` for a body that is said to be base64 and is not.
    public func body() throws(EventError) -> [UInt8] {
        guard let encodedBody else { return [] }
        guard isBase64Encoded else { return encodedBody.copy }
        do throws(EventError) {
            return try Base64View(encodedBody).decoded()
        } catch {
            throw EventError(.badValue, "body", error.reason)
        }
    }
}

/// One field of a request's head.
public struct HTTPEventField: Equatable, Sendable {
    /// The name, in lower case.
    public let name: ByteView
    /// The value.
    public let value: ByteView

    /// Whether it has this name, whose upper-case letters of ASCII count as lower-case ones.
    func isNamed(_ other: String) -> Bool {
        guard name.count == other.utf8.count else { return false }
        return name.withUnsafeBytes { bytes in zip(bytes, other.utf8).allSatisfy { Self.lower($0) == Self.lower($1) } }
    }

    private static func lower(_ byte: UInt8) -> UInt8 {
        UInt8(ascii: "A")...UInt8(ascii: "Z") ~= byte ? byte | 0x20 : byte
    }
}
