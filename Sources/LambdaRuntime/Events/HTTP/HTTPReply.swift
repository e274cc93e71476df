internal import JSON

/// What a function answers to an ``HTTPEvent``.
public struct HTTPReply: Equatable, Sendable {
    /// The status code, 200 to 599.
    public var statusCode: Int
    /// Fields of the response's head by name.
    public var headers: [String: String]
    /// The body; one that is no UTF-8 goes as base64.
    public var body: [UInt8]

    /// A reply.
    public init(statusCode: Int, headers: [String: String] = [:], body: [UInt8] = []) {
        self.statusCode = statusCode
        self.headers = headers
        self.body = body
    }

    /// The reply as API Gateway and function URLs take it, fields in the order of their names.
    public var response: LambdaResponse {
        var writer = JSONWriter()
        let text = String(validating: body, as: UTF8.self)
        writer.object { writer in
            writer.member("statusCode", statusCode)
            writer.member("headers") { writer in
                writer.object { writer in
                    for (name, value) in headers.sorted(by: { $0.key < $1.key }) { writer.member(name, value) }
                }
            }
            writer.member("body", text ?? Base64.encode(body))
            writer.member("isBase64Encoded", text == nil)
        }
        return LambdaResponse(writer.bytes)
    }
}
