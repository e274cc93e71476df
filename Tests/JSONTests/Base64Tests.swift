import Testing

@testable import JSON

@Suite struct Base64Tests {
    private func decode(_ text: String) -> Result<[UInt8], Base64Error> {
        var bytes: [UInt8] = [42]
        let text = Array(text.utf8)
        do throws(Base64Error) {
            try Base64.decode(text.span.bytes, into: &bytes)
            #expect(bytes.first == 42)
            return .success(Array(bytes.dropFirst()))
        } catch {
            #expect(bytes == [42])
            return .failure(error)
        }
    }

    @Test(arguments: [
        ("", ""), ("Zg==", "f"), ("Zm8=", "fo"), ("Zm9v", "foo"), ("Zm9vYg==", "foob"), ("Zm9vYmE=", "fooba"),
        ("Zm9vYmFy", "foobar"),
    ])
    func decodesTheVectorsOfRFC4648(_ text: String, _ plain: String) {
        #expect(decode(text) == .success(Array(plain.utf8)))
    }

    @Test func decodesEveryLengthAndByte() {
        for length in 0..<200 {
            let bytes = (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 167 &+ length) }
            #expect(decode(encode(bytes)) == .success(bytes))
        }
    }

    @Test(arguments: [
        ("Zg", 2), ("Zm8", 3), ("Zg=", 3), ("Zm9vY", 5), ("Z===", 1), ("====", 0), ("Zg==Zg==", 2), ("Zm9v\n", 4),
        ("Zm9\n", 3), (" Zm9v", 0), ("Zm-_", 2), ("Zm9vZm9vZm9v*m9v", 12), ("Zm9vZm9vZm9vZm9é", 15), ("Z=9v", 1),
        ("Zh==", 1), ("Zm9=", 2), ("\u{0}AAA", 0),
    ])
    func refusesAllElseAndSaysWhere(_ text: String, _ offset: Int) {
        guard case .failure(let error) = decode(text) else {
            Issue.record("\(text) was decoded")
            return
        }
        #expect(error.offset == offset)
    }

    @Test func refusesABadByteInEveryPlace() {
        let good = Array(repeating: UInt8(ascii: "A"), count: 64)
        for place in good.indices {
            for byte: UInt8 in [0, 0x0A, 0x20, 0x2D, 0x3D, 0x5F, 0x7F] {
                var text = good
                text[place] = byte
                // Padding is good in the last place.
                if byte == 0x3D && place == 63 { continue }
                #expect(throws: Base64Error.self) { try decode(String(decoding: text, as: UTF8.self)).get() }
            }
        }
    }

    private func encode(_ bytes: [UInt8]) -> String {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        var text: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = Array(bytes[start..<min(start + 3, bytes.count)])
            let word = (0..<3).reduce(0) { $0 << 8 | ($1 < group.count ? Int(group[$1]) : 0) }
            for index in 0..<4 {
                text.append(index <= group.count ? alphabet[word >> (18 - 6 * index) & 63] : UInt8(ascii: "="))
            }
        }
        return String(decoding: text, as: UTF8.self)
    }
}
