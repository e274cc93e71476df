import Testing

@testable import AWS

@Suite struct CredentialsReplyTests {
    private func read(_ text: String) throws(CredentialsFault) -> Credentials {
        try CredentialsReply.read(Array(text.utf8))
    }

    @Test func readsBothServices() throws {
        let expected = Credentials(
            accessKeyID: "A", secretAccessKey: "s/+", sessionToken: "t==", expirationMs: 1_893_456_000_000)
        let members = #""AccessKeyId":"A","SecretAccessKey":"s/+","Token":"t==","Expiration":"2030-01-01T00:00:00Z""#
        #expect(try read("{\(members)}") == expected)
        #expect(try read(#"{"Code":"Success","Type":"AWS-HMAC","LastUpdated":"x",\#(members)}"#) == expected)
        #expect(try read(#"{"AccessKeyId":"A","SecretAccessKey":"s"}"#).expirationMs == nil)
    }

    @Test(arguments: [
        ("", "no JSON object"), ("[]", "no JSON object"), (#"{"Code":"AssumeRoleUnauthorizedAccess"}"#, "Unauthorized"),
        (#"{"code":"two words\n"}"#, "with a failure"), (#"{"AccessKeyId":"A"}"#, "without usable"),
        (#"{"AccessKeyId":"A","SecretAccessKey":"hidden\n"}"#, "without usable"),
        (#"{"AccessKeyId":"A","SecretAccessKey":"hidden","Token":""}"#, "without usable"),
        (#"{"AccessKeyId":"A","SecretAccessKey":"hidden","Expiration":"soon"}"#, "no time"),
    ])
    func refusesAllElseWithoutQuotingIt(_ text: String, _ words: String) {
        let error = #expect(throws: CredentialsFault.self) { try read(text) }
        #expect(error?.message.contains(words) == true)
        #expect(error?.message.contains("hidden") == false)
    }

    @Test func noReplyTraps() {
        let text = ScriptedAccess.credentials()
        for bytes in mutations(of: text, count: 3_000, seed: 11) + truncations(of: text) {
            guard let read = try? CredentialsReply.read(bytes) else { continue }
            #expect(CredentialsReply.isField(read.accessKeyID) && CredentialsReply.isField(read.secretAccessKey))
        }
    }
}
