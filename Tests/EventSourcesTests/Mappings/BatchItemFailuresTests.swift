import TestSupport
import Testing

@testable import EventSources

@Suite struct BatchItemFailuresTests {
    private func parsed(_ text: String) -> BatchItemFailures { BatchItemFailures(reply: Array(text.utf8)) }

    @Test(arguments: [
        "", " \n", "null", "{}", #"{"batchItemFailures":null}"#, #"{"batchItemFailures":[]}"#, #"{"statusCode":200}"#,
    ])
    func anEmptyReplyOrListIsSuccess(_ text: String) { #expect(parsed(text) == .none) }

    @Test(arguments: [
        "done", "{", "[]", "7", "true", "\"\"", #"{"batchItemFailures":{}}"#, #"{"batchItemFailures":"1"}"#,
        #"{"batchItemFailures":[{"itemIdentifier":""}]}"#, #"{"batchItemFailures":[{"itemIdentifier":null}]}"#,
        #"{"batchItemFailures":[{}]}"#, #"{"batchItemFailures":[{"ItemIdentifier":"5"}]}"#,
        #"{"batchItemFailures":["5"]}"#, #"{"batchItemFailures":[{"itemIdentifier":5}]}"#,
        #"{"batchItemFailures":[{"itemIdentifier":"5"},{"itemIdentifier":""}]}"#,
        #"{"batchItemFailures":[{"itemIdentifier":{"partition":"t-0","offset":"1"}}]}"#,
    ])
    func anIdentifierThatIsNoneIsAFailureOfAll(_ text: String) { #expect(parsed(text) == .all) }

    @Test func identifiersAreCollected() {
        #expect(
            parsed(#"{"batchItemFailures":[{"itemIdentifier":"5"},{"itemIdentifier":"7"},{"itemIdentifier":"5"}]}"#)
                == .some([.sequenceNumber("5"), .sequenceNumber("7")]))
        #expect(
            parsed(#"{"batchItemFailures":[{"itemIdentifier":{"partition":"t-0","offset":100}}]}"#)
                == .some([.offset(partition: "t-0", 100)]))
    }

    @Test func noReplyTraps() {
        let text = Array(#"{"batchItemFailures":[{"itemIdentifier":{"partition":"t-0","offset":100}}]}"#.utf8)
        var generator = SeededGenerator(seed: 9)
        for length in text.indices { _ = BatchItemFailures(reply: Array(text[..<length])) }
        for _ in 0..<5000 {
            var changed = text
            for _ in 0...Int.random(in: 0..<3, using: &generator) {
                changed[Int.random(in: 0..<text.count, using: &generator)] = UInt8.random(
                    in: 0...255, using: &generator)
            }
            _ = BatchItemFailures(reply: changed)
        }
    }
}
