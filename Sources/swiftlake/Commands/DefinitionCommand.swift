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
            abstract: "Checks lake definitions and names every problem in them.",
            discussion: """
                A definition is a file, or an object of S3 (s3://bucket/key), which is read as LAKE_DEFINITION says it to a \
                function. Each line names the place as a JSONPath, what is wrong, and the values that are allowed. docs/lake.schema.json \
                lets an editor say most of it while you type.

                EXAMPLES
                  swiftlake definition check
                  swiftlake definition check other/lake.json
                  swiftlake definition check s3://bucket/definitions/lake.json

                EXIT CODES
                  0   every definition is good
                  1   one has problems, or cannot be read
                """)

        @Argument(
            help: ArgumentHelp(
                "The definitions; by default the one that LAKE_DEFINITION names, or else lake.json.",
                valueName: "lake.json"),
            completion: .file())
        var paths: [String] = []

        func run() throws {
            var isGood = true
            let environment = ProcessInfo.processInfo.environment
            let named = environment["LAKE_DEFINITION"] ?? ""
            for path in paths.isEmpty ? [named.isEmpty ? "lake.json" : named] : paths {
                do {
                    let definition =
                        path.hasPrefix("s3://")
                        ? try LakePlace.definition(at: path, environment) : try DefinitionFile.read([path])
                    Console.print("\(path) is good: \(Self.summary(definition))")
                } catch {
                    Console.complain("\(error)")
                    isGood = false
                }
            }
            if !isGood { throw ExitCode.failure }
        }

        private static func summary(_ definition: LakeDefinition) -> String {
            [
                Quantity.counted(definition.databases.count, "database"),
                Quantity.counted(definition.tables.count, "table"),
                Quantity.counted(definition.streams.count, "stream"),
                Quantity.counted(definition.views.count, "view"),
            ].joined(separator: ", ")
        }
    }
}
