import HTTPTransport
import Testing

@testable import AWS

@Suite struct ServiceClientSecretsTests {
    @Test func fieldThatIsASecretIsSentAndNeverShown() throws {
        let body = Array(#"{"message":"the key k-e-y of you is wrong"}"#.utf8)
        let wire = ScriptedWire([.success(HTTPResponse(status: 403, body: body))])
        let call = ServiceRequest(
            AWSService("upstream"), "GetIcons", .get, endpoint: "https://example.com", isIdempotent: true,
            authorization: .field(HTTPField("X-Key", "k-e-y")), errorFormat: .json)
        let error = #expect(throws: ServiceError.self) { try wire.client().send(call) }
        #expect(wire.requests[0].fields.contains(HTTPField("X-Key", "k-e-y")))
        #expect(error?.message.contains("of you is wrong") == true)
        var dumped = ""
        dump(call, to: &dumped)
        for text in ["\(call)", "\(call.authorization)", String(reflecting: call), dumped, "\(error as Any)"] {
            #expect(!text.contains("k-e-y"))
        }
    }
}
