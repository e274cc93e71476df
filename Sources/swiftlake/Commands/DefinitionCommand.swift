internal import ArgumentParser
internal import Foundation
internal import Lake

/// `swiftlake definition …`
struct DefinitionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "definition",
        abstract: "Looks at lake.json.",
        subcommands: [Check.self])

    struct Check: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Checks a lake definition and names every problem in it.",
            discussion: """
                Each line names the place as a JSONPath, what is wrong, and the values that are allowed. docs/lake.schema.json \
                lets an editor say most of it while you type.

                EXAMPLES
                  swiftlake definition check
                  swiftlake definition check other/lake.json

                EXIT CODES
                  0   the definition is good
                  1   it has problems, or cannot be read
                """)

        @Argument(help: ArgumentHelp("The definition.", valueName: "lake.json"), completion: .file())
        var path = "lake.json"

        func run() throws {
            do {
                let definition = try DefinitionFile.read([path])
                Console.print(
                    "\(path) is good: \(Quantity.counted(definition.databases.count, "database")), "
                        + "\(Quantity.counted(definition.tables.count, "table")), "
                        + Quantity.counted(definition.streams.count, "stream"))
            } catch {
                Console.complain(error.description)
                throw ExitCode.failure
            }
        }
    }
}
