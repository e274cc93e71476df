import ArgumentParser
import Testing

@testable import swiftlake

@Suite struct SwiftlakeTests {
    @Test(arguments: [
        ["invok"], ["invoke"], ["invoke", "kinesis-ingest"], ["table"], ["table", "describe"],
        ["demo", "--records", "0"],
        ["demo", "--batch", "10001"], ["demo", "--seed", "-1"], ["invoke", "j", "e", "--timeout", "0"],
        ["table", "history", "t", "--last", "0"], ["invoke", "kinesis", "e"],
    ])
    func wrongUseExitsWith64(_ arguments: [String]) throws {
        do {
            var command = try Swiftlake.parseAsRoot(arguments)
            // Commands that only hold others answer with their help.
            try command.run()
            Issue.record("\(arguments) was accepted")
        } catch {
            let code = Swiftlake.exitCode(for: error)
            #expect(code == .validationFailure || (arguments == ["table"] && code == .success))
        }
    }

    @Test(arguments: [
        ["--help"], ["invoke", "--help"], ["demo", "--help"], ["table", "list", "--help"],
        ["definition", "check", "-h"],
        ["--version"],
    ])
    func helpAndVersionExitWithZero(_ arguments: [String]) {
        do {
            var command = try Swiftlake.parseAsRoot(arguments)
            try command.run()
            Issue.record("\(arguments) should print and leave")
        } catch {
            #expect(Swiftlake.exitCode(for: error) == .success)
            #expect(!Swiftlake.fullMessage(for: error).isEmpty)
        }
    }

    @Test func everyCommandSaysWhatItIsFor() throws {
        func check(_ command: any ParsableCommand.Type) {
            #expect(!command.configuration.abstract.isEmpty, "\(command)")
            command.configuration.subcommands.forEach(check)
        }
        check(Swiftlake.self)
        for command in [InvokeCommand.configuration, DemoCommand.configuration, TableCommand.configuration] {
            #expect(command.discussion.contains("EXAMPLES"))
        }
        for command in [InvokeCommand.configuration, DemoCommand.configuration, Swiftlake.configuration] {
            #expect(command.discussion.contains("EXIT CODES"))
        }
    }

    @Test func anUnknownFunctionIsAnsweredWithTheKnownOnes() {
        let error = #expect(throws: CommandFailure.self) { try JobProgram("kinesis", binary: nil, folder: "/nowhere") }
        #expect(error?.description.contains("kinesis-ingest") == true)
        let missing = #expect(throws: CommandFailure.self) {
            try JobProgram("kinesis-ingest", binary: nil, folder: "/nowhere")
        }
        #expect(missing?.description.contains("swift build --product kinesis-ingest") == true)
    }
}
