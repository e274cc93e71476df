import ArgumentParser
import JSON
import Lake
import Testing

@testable import swiftlake

@Suite struct DeviceCommandTests {
    @Test(arguments: [
        ["device", "token", "--device", "7"], ["device", "token", "--device", "7", "--body", "a", "--body-hash", "b"],
        ["device", "token", "--device", "", "--body", "a"], ["device", "token", "--body", "a"],
        ["device", "token", "--device", "7", "--body-hash", "abc"],
        ["device", "token", "--device", "7", "--body-hash", String(repeating: "é", count: 64)],
        ["device", "token", "--device", "7", "--body", "a", "--expires-in", "16m"],
        ["device", "token", "--device", "7", "--body", "a", "--expires-in", "0s"],
        ["device", "token", "--device", "7", "--body-hash", String(repeating: "0", count: 64), "--event"],
        ["device", "key"], ["device", "key", "--device", "a\u{7}"],
        ["device", "key", "--device", "7", "--master", "secret"],
    ])
    func wrongUseExitsWith64(_ arguments: [String]) {
        #expect(throws: (any Error).self) { try Swiftlake.parseAsRoot(arguments) }
    }

    @Test(arguments: [("1s", 1), ("90s", 90), ("5m", 300), ("15m", 900), ("900s", 900)])
    func livesAreReadInSecondsAndMinutes(text: String, seconds: Int64) {
        #expect(DeviceTokenCommand.seconds(text) == seconds)
        for wrong in ["", "5", "5h", "-1s", "m", "901s", "1.5m"] { #expect(DeviceTokenCommand.seconds(wrong) == nil) }
    }

    @Test func aKeyNeedsASecretThatIsLongEnough() throws {
        let command = try #require(try Swiftlake.parseAsRoot(["device", "key", "--device", "7"]) as? DeviceKeyCommand)
        let missing = #expect(throws: CommandFailure.self) { try command.options.key([:]) }
        #expect(missing?.description.contains("EDGE_MASTER_SECRET is not set") == true)
        let short = #expect(throws: CommandFailure.self) {
            try command.options.key(["EDGE_MASTER_SECRET": "short-one"])
        }
        #expect(short?.description == "EDGE_MASTER_SECRET must hold 32 bytes or more")
        let key = try command.options.key(["EDGE_MASTER_SECRET": "0123456789abcdef0123456789abcdef"])
        #expect(key.hexadecimal == "362c2772023a5f04b013e91e89378349687ae3cf7e6c2c313122f44bd76b6b74")
    }

    @Test(arguments: [
        ("{\"id\":7}", "application/json"), ("{}\n{}", "application/x-ndjson"),
    ])
    func aRequestIsWhatTheGatewayReads(body: String, type: String) throws {
        let master = try #require(MasterSecret(Array("0123456789abcdef0123456789abcdef".utf8)))
        let token = DeviceToken(
            device: "7", expiry: 60, bodyHash: DeviceToken.hash(Array(body.utf8)), key: DeviceKey(of: "7", from: master)
        )
        let event = try JSONValue(
            parsing: Array(DeviceRequest(token: token, body: Array(body.utf8), now: 1).event.utf8))
        #expect(event["headers"]?["content-type"]?.string == type && event["body"]?.string == body)
        #expect(event["headers"]?["authorization"]?.string == "Bearer \(token.text)")
        let gzip = try JSONValue(
            parsing: Array(DeviceRequest(token: token, body: [0x1F, 0x8B, 0xFF], now: 1).event.utf8))
        #expect(gzip["isBase64Encoded"]?.bool == true && gzip["body"]?.string == "H4v/")
        #expect(gzip["headers"]?["content-encoding"]?.string == "gzip")
    }
}
