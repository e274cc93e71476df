import JSON
import Testing

@Suite struct Base64EncodingTests {
    @Test(arguments: [
        ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
        ("foobar", "Zm9vYmFy"),
    ])
    func encodesTheVectorsOfRFC4648(_ plain: String, _ text: String) {
        #expect(Base64.encode(Array(plain.utf8)) == text)
    }

    @Test func everyLengthAndByteComesBack() throws {
        for length in 0..<300 {
            let bytes = (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 167 &+ length) }
            var decoded: [UInt8] = []
            try Base64.decode(Array(Base64.encode(bytes).utf8).span.bytes, into: &decoded)
            #expect(decoded == bytes)
        }
    }
}
