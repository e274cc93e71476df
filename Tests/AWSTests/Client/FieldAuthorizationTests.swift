import HTTPTransport
import Testing

@testable import AWS

@Suite("A field with a secret")
struct FieldAuthorizationTests {
    private static func call(_ value: String) -> ServiceRequest {
        var call = ServiceRequest.call()
        call.endpoint = "http://localhost:9200"
        call.authorization = .field(HTTPField("authorization", value))
        return call
    }

    @Test func isSentAsItIs() throws {
        let wire = ScriptedWire([.success(reply())])
        _ = try wire.client(credentials: CredentialsChain([], nowMs: { 0 })).send(Self.call("ApiKey abc"))
        #expect(wire.requests[0].fields == [HTTPField("authorization", "ApiKey abc")])
    }

    @Test(arguments: ["ApiKey c2VjcmV0", "c2VjcmV0"])
    func isHiddenWhereTheServerRepeatsIt(value: String) throws {
        let body =
            #"{"error":{"type":"security_exception","reason":"unable to authenticate [\#(value)] c2VjcmV0"},"status":401}"#
        let wire = ScriptedWire([.success(reply(401, body))])
        let error = try #require(throws: ServiceError.self) { try wire.client().send(Self.call(value)) }
        #expect(error.kind == .credentials && error.code == "security_exception" && error.status == 401)
        #expect(error.message.hasPrefix("unable to authenticate ["))
        #expect(!error.description.contains("c2VjcmV0"))
    }

    @Test func showsInNoForm() {
        let call = Self.call("ApiKey c2VjcmV0")
        var dumped = ""
        dump(call.authorization, to: &dumped)
        #expect(
            ![dumped, "\(call.authorization)", String(reflecting: call.authorization)].joined().contains("c2VjcmV0"))
    }
}
