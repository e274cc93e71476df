import HTTPTransport
import Testing

@testable import AWS

@Suite struct ErrorReplyTests {
    private func read(
        _ body: String, _ fields: [String: String] = [:], status: Int = 400,
        _ format: ServiceRequest.ErrorFormat = .json, hiding secrets: [String] = []
    ) -> ErrorReply {
        ErrorReply(reply(status, body, fields), format: format, hiding: secrets)
    }

    @Test(arguments: [
        (#"{"__type":"ThrottlingException","message":"slow"}"#, "ThrottlingException", "slow"),
        (#"{"__type":"com.amazonaws.glue#EntityNotFoundException","Message":"m"}"#, "EntityNotFoundException", "m"),
        (#"{"__type":"a.b#Code:http://internal.amazon.com/x","errorMessage":"e"}"#, "Code", "e"),
        (#"{"code":"Code","message":null}"#, "Code", ""), (#"{"message":"only"}"#, "BadRequest", "only"),
        ("", "BadRequest", ""), ("[]", "BadRequest", ""), ("not JSON", "BadRequest", ""),
        (#"{"__type":"two words","message":1}"#, "BadRequest", ""), (##"{"__type":"#:"}"##, "BadRequest", ""),
    ])
    func readsTheShapesOfJSON(_ body: String, _ code: String, _ message: String) {
        let reply = read(body)
        #expect(reply.code == code)
        #expect(reply.message == message)
    }

    @Test func headComesBeforeTheBody() {
        let reply = read(
            #"{"__type":"Body"}"#,
            ["x-amzn-ErrorType": "Head:http://x/", "X-Amzn-RequestId": "id-1", "x-amz-request-id": "id-2"])
        #expect(reply.code == "Head")
        #expect(reply.requestID == "id-1")
    }

    @Test func readsTheShapesOfIcebergAndOAuth() {
        let model = read(
            #"{"error":{"message":"gone","type":"NoSuchTableException","code":404}}"#, status: 404, .iceberg)
        #expect(model.code == "NoSuchTableException" && model.message == "gone")
        let oauth = read(#"{"error":"invalid_client","error_description":"no"}"#, status: 401, .iceberg)
        #expect(oauth.code == "invalid_client" && oauth.message == "no")
    }

    @Test func readsXMLWhoeverSentIt() {
        let body = "<Error><Code>SlowDown</Code><Message>m</Message><RequestId>r</RequestId></Error>"
        for format in [.xml, .json] as [ServiceRequest.ErrorFormat] {
            let reply = read(body, status: 503, format)
            #expect(reply == read(body, status: 503, .xml))
            #expect(reply.code == "SlowDown" && reply.requestID == "r")
        }
    }

    @Test(arguments: [
        (301, "PermanentRedirect"), (403, "Forbidden"), (404, "NotFound"), (412, "PreconditionFailed"),
        (503, "ServiceUnavailable"), (418, "HTTP418"),
    ])
    func statusNamesWhatHasNoName(_ status: Int, _ code: String) {
        #expect(read("", status: status, .xml).code == code)
    }

    @Test func messageIsOneShortLineWithoutSecrets() {
        let reply = read(
            #"{"__type":"X","message":"the \u0007key hidden and\u202e hidden\nCanonical: x"}"#, hiding: ["hidden", ""])
        #expect(reply.message == "the  key … and  …")
        let long = read(#"{"message":"\#(String(repeating: "é", count: 5_000))"}"#)
        #expect(long.message.count == 400)
    }

    @Test func secretThatTheMessageIsCutOffWithinDoesNotShow() {
        let token = String(repeating: "0123456789abcdef", count: 60)
        let json = read(#"{"message":"the token \#(token) is wrong"}"#, hiding: [token])
        #expect(json.message == "the token …")
        let xml = read(
            "<Error><Code>X</Code><Message>the token \(token)</Message></Error>", status: 400, .xml, hiding: [token])
        #expect(xml.message == "the token …")
    }

    @Test func hugeBodyIsNotRead() {
        let reply = read(#"{"__type":"Code","message":"\#(String(repeating: "x", count: 70_000))"}"#)
        #expect(reply.code == "BadRequest" && reply.message.isEmpty)
    }

    @Test func requestIDThatIsNoneIsLeftOut() {
        #expect(read("", ["x-amzn-requestid": "a b"]).requestID == nil)
        #expect(read("", ["x-amzn-requestid": ""]).requestID == nil)
    }

    @Test func noBodyTraps() {
        let texts = [
            #"{"__type":"a.b#Code:http://x","message":"m\u00fc"}"#, #"{"error":{"message":"m","type":"T","code":1}}"#,
            "<ErrorResponse><Error><Code>C</Code><Message>M</Message></Error></ErrorResponse>",
        ]
        for (seed, text) in texts.enumerated() {
            for bytes in mutations(of: text, count: 2_000, seed: UInt64(seed)) + truncations(of: text) {
                for format in [.json, .xml, .iceberg] as [ServiceRequest.ErrorFormat] {
                    let reply = ErrorReply(HTTPResponse(status: 400, body: bytes), format: format)
                    #expect(!reply.code.isEmpty && !reply.message.contains("\n"))
                }
            }
        }
    }
}
