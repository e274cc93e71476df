import AWS
import Testing

@Suite struct CredentialsTests {
    @Test func noFormOfPrintingShowsASecret() {
        let credentials = Credentials(accessKeyID: "AKID", secretAccessKey: "hidden", sessionToken: "concealed")
        var dumped = ""
        dump(credentials, to: &dumped)
        for text in ["\(credentials)", String(reflecting: credentials), dumped] {
            #expect(!text.contains("hidden") && !text.contains("concealed"))
        }
    }
}
