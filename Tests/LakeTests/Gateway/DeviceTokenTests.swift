import AWS
import TestSupport
import Testing

@testable import Lake

@Suite struct DeviceTokenTests {
    static let master = Array("0123456789abcdef0123456789abcdef".utf8)
    static let other = Array("fedcba9876543210fedcba9876543210".utf8)
    static let nowMs: Int64 = 1_795_000_000_000

    private func check(_ masters: [UInt8]...) throws -> TokenCheck {
        TokenCheck(masters: try masters.map { try #require(MasterSecret($0)) })
    }

    private func token(
        _ device: String = "7", in seconds: Int64 = 300, _ body: String = "{}", _ master: [UInt8] = master
    ) throws -> String {
        let key = DeviceKey(of: device, from: try #require(MasterSecret(master)))
        return DeviceToken(
            device: device, expiry: Self.nowMs / 1000 + seconds, bodyHash: DeviceToken.hash(Array(body.utf8)), key: key
        ).text
    }

    private func device(_ field: String, _ check: TokenCheck, body: String = "{}") -> String? {
        check.device(Array(field.utf8), bodyHash: DeviceToken.hash(Array(body.utf8)), nowMs: Self.nowMs)
    }

    /// Computed by Python's hmac, hashlib and base64:
    ///
    ///     key = hmac.new(master, b"swiftlake device key v1\n" + device.encode(), "sha256").digest()
    ///     lines = ["swiftlake device token v1", base64url(device), str(expiry), sha256(body).hexdigest()]
    ///     code = hmac.new(key, "\n".join(lines).encode(), "sha256").digest()
    @Test(arguments: [
        (
            "7", Int64(1_795_000_300), #"{"id":7}"#, "362c2772023a5f04b013e91e89378349687ae3cf7e6c2c313122f44bd76b6b74",
            "v1.Nw.1795000300.9uQqFodv4sQfRsHXZ5Yjx0XhVY2jCB2tQppmHP7_Vnw"
        ),
        (
            "pump é", 1_795_000_060, "", "8df11371ca16443ef2514ca1aab86ed9f1e1b68b1b78c767d7300b8fb9ff55e0",
            "v1.cHVtcCDDqQ.1795000060.f1x8LVlqi3x1_ucFHH3cxyqjYGO0qXJlxw4S1ewpw_s"
        ),
    ])
    func keysAndTokensAreThoseOfAnotherImplementation(
        device: String, expiry: Int64, body: String, key: String, token: String
    ) throws {
        let made = DeviceKey(of: device, from: try #require(MasterSecret(Self.master)))
        #expect(made.hexadecimal == key)
        let hash = DeviceToken.hash(Array(body.utf8))
        #expect(DeviceToken(device: device, expiry: expiry, bodyHash: hash, key: made).text == token)
        #expect(self.device("Bearer \(token)", try check(Self.master), body: body) == device)
        #expect(self.device("bEARER \(token)", try check(Self.master), body: body) == device)
    }

    @Test func everyFlippedBitOfATokenIsRefused() throws {
        let field = Array("Bearer \(try token())".utf8)
        let (check, hash) = (try check(Self.master), DeviceToken.hash(Array("{}".utf8)))
        #expect(check.device(field, bodyHash: hash, nowMs: Self.nowMs) == "7")
        for place in field.indices {
            for bit in 0..<8 {
                // The scheme may be written in either case.
                if place < 6, bit == 5 { continue }
                var changed = field
                changed[place] ^= 1 << UInt8(bit)
                #expect(check.device(changed, bodyHash: hash, nowMs: Self.nowMs) == nil, "byte \(place), bit \(bit)")
            }
        }
        for place in hash.indices {
            var changed = hash
            changed[place] ^= 1
            #expect(check.device(field, bodyHash: changed, nowMs: Self.nowMs) == nil)
        }
    }

    @Test func otherBodiesDevicesAndSecretsAreRefused() throws {
        let good = "Bearer \(try token())"
        #expect(device(good, try check(Self.master), body: "{ }") == nil)
        #expect(device(good, try check(Self.other)) == nil)
        #expect(device("Bearer \(try token("7", "{}", Self.other))", try check(Self.master)) == nil)
        let parts = try token().split(separator: ".")
        let swapped = "Bearer v1.\(Base64URL.encode(Array("8".utf8))).\(parts[2]).\(parts[3])"
        #expect(device(swapped, try check(Self.master)) == nil)
    }

    @Test func theSecretBeforeIsGoodWhileItIsNamed() throws {
        let old = "Bearer \(try token("7", "{}", Self.other))"
        #expect(device(old, try check(Self.master, Self.other)) == "7")
        #expect(device("Bearer \(try token())", try check(Self.master, Self.other)) == "7")
        #expect(device(old, try check(Self.master)) == nil)
    }

    @Test(
        arguments: [
            (-10, true), (-11, false), (0, true), (900, true), (910, true), (911, false), (86_400, false),
            (-1_794_999_999, false),
        ] as [(Int64, Bool)])
    func aTokenIsGoodForAWhile(seconds: Int64, isGood: Bool) throws {
        #expect((device("Bearer \(try token(in: seconds))", try check(Self.master)) == "7") == isGood)
    }

    @Test(arguments: [
        "", "Bearer", "Bearer ", "Basic Nzo3", "TOKEN", "Bearer  TOKEN", "Bearer\tTOKEN", "Bearer TOKEN ",
        "Bearer TOKEN,",
        "Bearer TOKEN.x", "Bearer TOKEN=", "Bearer v2", "Bearer ....", "Bearer v1...", "Bearer v1.Nw.1795000300.",
        "Bearer v1..1795000300.AAAA", "Bearer TOKEN, Bearer TOKEN",
    ])
    func whatIsNoTokenProvesNothing(field: String) throws {
        let text = field.replacing("TOKEN", with: try token())
        #expect(device(text, try check(Self.master)) == nil)
    }

    @Test func theSameProofInAnotherSpellingIsRefused() throws {
        let key = DeviceKey(of: "7", from: try #require(MasterSecret(Self.master)))
        let hash = DeviceToken.hash(Array("{}".utf8))
        // A code over just what is written, so that only the spelling is wrong.
        func signed(_ device: String, _ expiry: String) -> String {
            let message = DeviceToken.message(Array(device.utf8), Array(expiry.utf8), hash)
            return "Bearer v1.\(device).\(expiry).\(Base64URL.encode(SHA256.hmac(message, key: key.bytes)))"
        }
        #expect(device(signed("Nw", "1795000300"), try check(Self.master)) == "7")
        for (name, expiry) in [
            ("Nw", "01795000300"), ("Nw", "+1795000300"), ("Nw", "1795000300 "), ("Nw==", "1795000300"),
            ("Nx", "1795000300"), ("Nw", "1795000300000000000000"), ("Nw", "-1"), ("Nw", ""),
        ] {
            #expect(device(signed(name, expiry), try check(Self.master)) == nil, "\(name) \(expiry)")
        }
    }

    @Test(arguments: ["", "a\u{0}", "a\n", String(repeating: "x", count: 129)])
    func someTextsAreNoDevices(text: String) throws {
        #expect(!DeviceKey.isDevice(text))
        #expect(device("Bearer \(try token(text))", try check(Self.master)) == nil)
        #expect(DeviceKey.isDevice(String(repeating: "x", count: 128)))
    }

    @Test func aMasterSecretHasThirtyTwoBytes() {
        #expect(MasterSecret(Array(Self.master.dropLast())) == nil)
        #expect(MasterSecret(Array(Self.master.dropLast()) + [0x0A]) == nil)
        #expect(MasterSecret(Self.master + [0x0D, 0x0A]) == MasterSecret(Self.master))
    }

    @Test func nothingOfSecretsIsPrinted() throws {
        let master = try #require(MasterSecret(Self.master))
        let key = DeviceKey(of: "7", from: master)
        let token = DeviceToken(device: "7", expiry: 1, bodyHash: DeviceToken.hash([]), key: key)
        for value in [master as Any, key, token] {
            var dumped = ""
            dump(value, to: &dumped)
            let printed = "\(value)" + String(reflecting: value) + dumped
            for secret in [String(decoding: Self.master, as: UTF8.self), key.hexadecimal, token.text, "48, 49"] {
                #expect(!printed.contains(secret))
            }
        }
    }

    @Test func mutatedTokensAreRefused() throws {
        let field = Array("Bearer \(try token())".utf8)
        let (check, hash) = (try check(Self.master), DeviceToken.hash(Array("{}".utf8)))
        var random = SeededGenerator(seed: 11)
        for _ in 0..<5000 {
            var changed = field
            for _ in 0..<Int.random(in: 1...3, using: &random) where !changed.isEmpty {
                let place = Int.random(in: 0..<changed.count, using: &random)
                switch Int.random(in: 0..<4, using: &random) {
                case 0: changed[place] = UInt8.random(in: 0...255, using: &random)
                case 1: changed.remove(at: place)
                case 2: changed.insert(Array("._-=A1 ".utf8)[Int.random(in: 0..<7, using: &random)], at: place)
                default: changed.removeSubrange(place...)
                }
            }
            let isSame =
                zip(changed, field).allSatisfy { $0 == $1 || ($0 | 0x20 == $1 | 0x20) } && changed.count == field.count
            if !isSame { #expect(check.device(changed, bodyHash: hash, nowMs: Self.nowMs) == nil) }
        }
    }
}
