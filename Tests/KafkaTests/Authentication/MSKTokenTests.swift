import AWS
import Testing

@testable import Kafka

/// What hundreds of generated tokens do not show; those are checked against AWS's own signer elsewhere.
@Suite struct MSKTokenTests {
    /// 2023-11-14T22:13:20.789Z
    private let nowMs: Int64 = 1_700_000_000_789

    private func credentials(expirationMs: Int64? = nil) -> Credentials {
        Credentials(accessKeyID: "AKID", secretAccessKey: "SECRET", sessionToken: "t/+=", expirationMs: expirationMs)
    }

    @Test func lastsFifteenMinutesFromTheSecondItIsSigned() throws {
        let token = try MSKToken(credentials(), region: "eu-west-1", nowMs: nowMs)
        #expect(token.expirationMs == 1_700_000_900_000)
        #expect(token.principal == "AKID")
    }

    @Test func isOfTheAlphabetOfURLsWithoutPadding() throws {
        let token = try MSKToken(credentials(), region: "eu-west-1", nowMs: nowMs)
        // https://kafka.eu-west-1.amazonaws.com/?A
        #expect(token.text.hasPrefix("aHR0cHM6Ly9rYWZrYS5ldS13ZXN0LTEuYW1hem9uYXdzLmNvbS8_Q"))
        #expect(token.text.utf8.allSatisfy { "=+/".utf8.firstIndex(of: $0) == nil })
    }

    @Test func lastsNoLongerThanItsCredentials() throws {
        let ends = nowMs + 60_000
        #expect(try MSKToken(credentials(expirationMs: ends), region: "r", nowMs: nowMs).expirationMs == ends)
        let later = nowMs + 3_600_000
        #expect(
            try MSKToken(credentials(expirationMs: later), region: "r", nowMs: nowMs).expirationMs == 1_700_000_900_000)
    }

    @Test func isNotMadeOfExpiredCredentials() {
        let error = #expect(throws: KafkaError.self) {
            try MSKToken(credentials(expirationMs: nowMs), region: "r", nowMs: nowMs)
        }
        #expect(error?.code == .authenticationFailed)
        #expect(error?.message.contains("expired") == true)
    }

    @Test(arguments: [("", "SECRET"), ("AKID", "")])
    func isNotMadeOfNothing(id: String, secret: String) {
        let error = #expect(throws: KafkaError.self) {
            try MSKToken(Credentials(accessKeyID: id, secretAccessKey: secret), region: "r", nowMs: nowMs)
        }
        #expect(error?.code == .authenticationFailed)
    }

    @Test func isShownNowhere() throws {
        let token = try MSKToken(credentials(), region: "eu-west-1", nowMs: nowMs)
        var dumped = ""
        dump(token, to: &dumped)
        for text in ["\(token)", String(reflecting: token), dumped] {
            #expect(!text.contains(token.text.prefix(40)))
            #expect(text.contains("a token of AKID"))
        }
    }
}
