import ArgumentParser
import Testing

@testable import swiftlake

@Suite struct UpCommandTests {
    @Test(arguments: [
        ("localhost:9092", ["localhost:9092"]), ("a:1, b:2", ["a:1", "b:2"]), ("[::1]:9092", ["[::1]:9092"]),
    ])
    func brokersAreHostsAndPorts(_ text: String, _ brokers: [String]) { #expect(UpCommand.brokers(text) == brokers) }

    @Test(arguments: ["", "a", ":1", "a:", "a:0", "a:65536", "a:1,", "a:x"])
    func otherTextIsNoBroker(_ text: String) { #expect(UpCommand.brokers(text) == nil) }

    @Test(arguments: [["up", "--rate", "0"], ["up", "--batch-size", "0"], ["up", "--kafka", "a"], ["up", "now"]])
    func wrongUseIsRefused(_ arguments: [String]) {
        #expect(throws: (any Error).self) { try Swiftlake.parseAsRoot(arguments) }
    }

    @Test func everythingHasADefault() throws {
        let command = try #require(try Swiftlake.parseAsRoot(["up"]) as? UpCommand)
        #expect(command.rate == 50 && command.seconds == nil && !command.kinesis && command.mappings.pollers == 2)
    }
}
