/// What the head of `next` says about an invocation.
struct Invocation: Equatable, Sendable {
    let requestID: String
    let deadlineMilliseconds: Int64
    let invokedFunctionARN: String
    let traceID: String?
    let clientContext: String?
    let cognitoIdentity: String?
    let tenantID: String?

    /// Nil without a request id that may stand in a request's path.
    init?(_ head: HTTPResponseHead) {
        guard let requestID = head["lambda-runtime-aws-request-id"], Self.isRequestID(requestID) else { return nil }
        self.requestID = requestID
        deadlineMilliseconds = head["lambda-runtime-deadline-ms"].flatMap { Int64($0) } ?? .max
        invokedFunctionARN = head["lambda-runtime-invoked-function-arn"] ?? ""
        traceID = head["lambda-runtime-trace-id"]
        clientContext = head["lambda-runtime-client-context"]
        cognitoIdentity = head["lambda-runtime-cognito-identity"]
        tenantID = head["lambda-runtime-aws-tenant-id"]
    }

    /// Request ids are UUIDs; letters, digits, `-`, `_` and `.` are let through, and nothing that means something in a
    /// path or a request line.
    static func isRequestID(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= 128 && text != "." && text != ".."
            && text.utf8.allSatisfy {
                switch $0 {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
                    true
                default: false
                }
            }
    }
}
