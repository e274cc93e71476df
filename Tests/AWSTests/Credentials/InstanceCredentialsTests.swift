import HTTPTransport
import Testing

@testable import AWS

@Suite struct InstanceCredentialsTests {
    private let base = "http://169.254.169.254/latest"

    private func source(_ script: ScriptedAccess, isAsked: Bool = true) -> InstanceCredentials {
        InstanceCredentials(endpoint: "http://169.254.169.254", isAsked: isAsked, access: script.access)
    }

    private func script(role: String = "role", credentials: String = ScriptedAccess.credentials()) -> ScriptedAccess {
        let script = ScriptedAccess()
        script.replies["PUT \(base)/api/token"] = [.success(reply(200, "proof"))]
        script.replies["GET \(base)/meta-data/iam/security-credentials/"] = [.success(reply(200, role))]
        script.replies["GET \(base)/meta-data/iam/security-credentials/role"] = [.success(reply(200, credentials))]
        return script
    }

    @Test func tokenComesFirstAndProvesTheRest() throws {
        let script = script(role: "role\nother")
        #expect(try source(script).fetch()?.accessKeyID == "AKID")
        #expect(script.requests.map(\.method) == [.put, .get, .get])
        #expect(script.requests[0].fields == [HTTPField("x-aws-ec2-metadata-token-ttl-seconds", "21600")])
        for request in script.requests[1...] {
            #expect(request.fields == [HTTPField("x-aws-ec2-metadata-token", "proof")])
        }
    }

    @Test func serviceThatIsTurnedOffIsNotAsked() throws {
        let script = script()
        #expect(try source(script, isAsked: false).fetch() == nil)
        #expect(script.requests.isEmpty)
    }

    @Test func whereNobodyAnswersThereIsOneAttempt() {
        let script = ScriptedAccess()
        let error = #expect(throws: CredentialsFault.self) { try source(script).fetch() }
        #expect(error?.message.contains("does not answer") == true)
        #expect(script.requests.count == 1)
    }

    @Test(arguments: ["", "\n", "a b", "ü"]) func roleThatIsNoneIsRefused(_ role: String) {
        #expect(throws: CredentialsFault.self) { try source(script(role: role)).fetch() }
    }

    @Test func failureOfTheRoleIsNamed() {
        let error = #expect(throws: CredentialsFault.self) {
            try source(script(credentials: #"{"Code":"AssumeRoleUnauthorizedAccess"}"#)).fetch()
        }
        #expect(error?.message.contains("AssumeRoleUnauthorizedAccess") == true)
    }
}
