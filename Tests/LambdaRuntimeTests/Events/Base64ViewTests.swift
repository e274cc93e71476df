internal import Foundation
import TestSupport
import Testing

@testable import LambdaRuntime

struct Base64ViewTests {
    @Test func everyLengthIsDecodedAsFoundationDoes() throws {
        var random = SeededGenerator(seed: 6)
        for length in 0..<200 {
            let bytes = (0..<length).map { _ in UInt8.random(in: .min ... .max, using: &random) }
            #expect(try Base64View(copying: Data(bytes).base64EncodedString()).decoded() == bytes)
        }
    }

    @Test(arguments: [
        "A", "AB", "ABC", "ABCDE", "AB=C", "A===", "====", "AB==AB==", "AB-_", "AB\n=", "AB C", "AR==", "ABR=",
    ])
    func otherTextsAreRefused(text: String) {
        let error = #expect(throws: EventError.self) { try Base64View(copying: text).decoded() }
        #expect(error?.code == .badValue)
    }
}
