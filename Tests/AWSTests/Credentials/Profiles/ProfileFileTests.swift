import Testing

@testable import AWS

@Suite struct ProfileFileTests {
    private func read(_ text: String, _ kind: ProfileFile.Kind = .configuration) throws(ProfileFault) -> [String:
        [String: String]]
    {
        try ProfileFile(Array(text.utf8), kind).profiles.value
    }

    @Test func sectionsOfTheConfiguration() throws {
        let text = """
            # comment
            [default]
            region = eu-west-1
            [ profile  a b ]
            Region=x # comment
            key = a#b;c ; comment
            s3 =
              max_concurrent_requests = 20
              nested line
            empty =

            [sso-session s]
            sso_region = y
            [a]
            lost = 1
            [profile a b]
            more = 1\r
            ;[profile c]
            """
        #expect(
            try read(text) == [
                "default": ["region": "eu-west-1"],
                "a b": ["region": "x", "key": "a#b;c", "s3": "", "empty": "", "more": "1"],
            ])
    }

    @Test func sectionsOfTheCredentials() throws {
        let text = "[a]\r\naws_access_key_id = AKID\r\naws_secret_access_key = s/+=x\r\n[profile b]\nk=v\n[c]"
        #expect(
            try read(text, .credentials) == [
                "a": ["aws_access_key_id": "AKID", "aws_secret_access_key": "s/+=x"], "profile b": ["k": "v"], "c": [:],
            ])
    }

    @Test(arguments: [
        ("a = b", "line 1"), ("[default]\nhidden", "line 2"), ("\n[default", "line 2"), ("hidden\n[default]", "line 1"),
    ])
    func lineThatIsNothingIsNamedAndNotQuoted(_ text: String, _ line: String) {
        let error = #expect(throws: ProfileFault.self) { try read(text) }
        #expect(error?.message.contains(line) == true && error?.message.contains("hidden") == false)
    }

    @Test func fileThatIsNoTextIsRefused() {
        #expect(throws: ProfileFault.self) { try ProfileFile([0xFF, 0xFE], .credentials) }
        #expect(throws: ProfileFault.self) {
            try ProfileFile([UInt8](repeating: 0x20, count: ProfileFile.maximumBytes + 1), .credentials)
        }
    }

    @Test func noFileTraps() {
        let text = "[profile a]\nrole_arn = b # c\n s3 =\n  x = y\r\n;d\n[default]\nregion=e\n"
        for bytes in mutations(of: text, count: 3_000, seed: 9) + truncations(of: text) {
            _ = try? ProfileFile(bytes, .configuration)
            _ = try? ProfileFile(bytes, .credentials)
        }
    }
}
