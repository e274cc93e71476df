import HTTPTransport
import Testing

@testable import AWS

@Suite struct ContainerCredentialsTests {
    private func settings(_ environment: [String: String]) throws -> CredentialsSettings {
        try AWSConfiguration(environment: environment).credentials
    }

    private func fetch(_ environment: [String: String], _ script: ScriptedAccess) throws -> Credentials? {
        try ContainerCredentials(container: settings(environment).container, access: script.access).fetch()
    }

    @Test func nothingSetIsNothingAsked() throws {
        let script = ScriptedAccess()
        #expect(try fetch([:], script) == nil)
        #expect(script.requests.isEmpty)
    }

    @Test func relativeURIIsAPathOfECS() throws {
        let script = ScriptedAccess()
        script.replies["GET http://169.254.170.2/v2/x"] = [.success(reply(200, ScriptedAccess.credentials()))]
        let found = try fetch(
            [
                "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/v2/x", "AWS_CONTAINER_AUTHORIZATION_TOKEN": "Basic abc",
                "AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://example.com/",
            ], script)
        #expect(found?.accessKeyID == "AKID")
        #expect(script.requests[0].fields.contains(HTTPField("authorization", "Basic abc")))
    }

    @Test func tokenFileIsReadEachTime() throws {
        let script = ScriptedAccess()
        script.replies["GET http://127.0.0.1:1/c?a=b"] = [.success(reply(200, ScriptedAccess.credentials()))]
        let environment = [
            "AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://127.0.0.1:1/c?a=b",
            "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": "/token", "AWS_CONTAINER_AUTHORIZATION_TOKEN": "other",
        ]
        for token in ["one", "two"] {
            script.files["/token"] = token
            _ = try fetch(environment, script)
            #expect(script.requests.last?.fields.contains(HTTPField("authorization", token)) == true)
        }
        for token in [nil, "", "two\nlines"] as [String?] {
            script.files["/token"] = token
            #expect(throws: CredentialsFault.self) { try fetch(environment, script) }
        }
        #expect(script.requests.count == 2)
    }

    @Test(arguments: [
        ("https://example.com/x", true), ("http://localhost/x", true), ("http://127.0.0.9:1/x", true),
        ("http://[::1]/x", true), ("http://169.254.170.2/x", true), ("http://169.254.170.23/v1/x", true),
        ("http://[fd00:ec2::23]/v1/x", true), ("http://169.254.169.254/x", false), ("http://example.com/x", false),
        ("http://169.254.170.2.example.com/x", false), ("http://169.254.170.2@example.com/x", false),
        ("http://localhost.example.com", false), ("ftp://localhost/", false), ("/path", false), ("", false),
        ("http://localhost/a b", false), ("http://localhost\\@example.com/", false),
    ])
    func onlyHostsThatMayHaveTheTokenAreAsked(_ url: String, _ isAllowed: Bool) {
        #expect(CredentialsSettings.isAllowed(url) == isAllowed)
    }

    @Test func pathOfECSCannotNameAnotherHost() {
        for path in [".example.com/", "@example.com/", ":80@example.com/"] {
            #expect(throws: AWSConfigurationError.self) {
                try settings(["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": path])
            }
        }
    }

    @Test func serverThatFailsIsAskedThreeTimesAndOneThatRefusesOnce() throws {
        let url = "http://localhost/x"
        for (reply, count) in [(reply(500, ""), 3), (reply(403, ""), 1), (reply(429, ""), 3), (reply(200, "?"), 1)] {
            let script = ScriptedAccess()
            script.replies["GET \(url)"] = [.success(reply)]
            #expect(throws: CredentialsFault.self) {
                try fetch(["AWS_CONTAINER_CREDENTIALS_FULL_URI": url], script)
            }
            #expect(script.requests.count == count)
        }
        let script = ScriptedAccess()
        script.replies["GET \(url)"] = [.success(reply(500, "")), .success(reply(200, ScriptedAccess.credentials()))]
        #expect(try fetch(["AWS_CONTAINER_CREDENTIALS_FULL_URI": url], script) != nil)
    }
}
