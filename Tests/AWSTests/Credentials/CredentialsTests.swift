import Testing

@testable import AWS

@Suite struct CredentialsTests {
    /// All forms in which a value can be printed.
    private func prints(_ value: some Any) -> [String] {
        var dumped = ""
        dump(value, to: &dumped)
        return ["\(value)", String(reflecting: value), dumped]
    }

    @Test func noFormOfPrintingShowsASecret() throws {
        let credentials = Credentials(accessKeyID: "AKID", secretAccessKey: "hidden-1", sessionToken: "hidden-2")
        let configuration = try AWSConfiguration(environment: [
            "HOME": "/home", "AWS_ACCESS_KEY_ID": "AKID", "AWS_SECRET_ACCESS_KEY": "hidden-3",
            "AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://localhost/",
            "AWS_CONTAINER_AUTHORIZATION_TOKEN": "hidden-4",
        ])
        let profiles = try AWSProfiles(
            configuration.credentials, read: { _ in Array("[default]\naws_secret_access_key=hidden-5".utf8) })
        #expect(profiles["default"]?["aws_secret_access_key"] == "hidden-5")
        var request = ServiceRequest.call()
        request.authorization = .bearer("hidden-6")
        for text in prints(credentials) + prints(configuration) + prints(profiles) + prints(request) {
            #expect(!text.contains("hidden-"))
        }
    }
}
