internal import ArgumentParser
internal import JSON

/// `swiftlake view …`
struct ViewCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "view",
        abstract: "Looks at the lake's views, and shows the lake to DuckDB.",
        discussion: """
            bootstrap-tables makes the views of lake.json: in Athena, or for a lake on this machine as files beside the \
            catalog, in the folder views. `view script` prints a script for DuckDB with a view for each table as it is now \
            and for each view; run it again when the lake has changed.

            EXAMPLES
              swiftlake view list
              swiftlake view show crypto_db.crypto_trader_view
              swiftlake view script > lake.sql && duckdb -init lake.sql
              duckdb -init lake.sql -c 'SELECT * FROM crypto_db.crypto_trader_view LIMIT 10'
            """,
        subcommands: [ViewListCommand.self, ViewShowCommand.self, ViewScriptCommand.self])
}

/// `swiftlake view list`
struct ViewListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "Lists the views by name.")

    @OptionGroup var options: TableOptions

    func run() throws {
        try reportingFailure {
            let stored = try StoredViews(try LakePlace.ofProcess(options.lake))
            let names = stored.views.map(\.identifier.description)
            if options.json {
                Console.print(
                    String(
                        decoding: JSONValue.array(names.map { .string($0) }).serialized(indentation: 2), as: UTF8.self))
            } else {
                Console.print(names.isEmpty ? ["The lake has no views yet: bootstrap-tables makes them."] : names)
            }
        }
    }
}

/// `swiftlake view show NAME`
struct ViewShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "show", abstract: "Prints a view's query.")

    @Argument(help: ArgumentHelp("The view, such as crypto_db.crypto_trader_view.", valueName: "database.view"))
    var name: String

    @OptionGroup var lake: LakeOptions

    func run() throws {
        try reportingFailure {
            Console.print(try StoredViews(try LakePlace.ofProcess(lake)).view(named: name).sql)
        }
    }
}

/// `swiftlake view script`
struct ViewScriptCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "script", abstract: "Prints a script that shows the lake to DuckDB.",
        discussion: """
            The script installs DuckDB's extension iceberg, which needs a network the first time. A lake in S3 needs the \
            extensions httpfs and aws too, and credentials that the AWS SDKs find. It is the lake of this moment: DuckDB \
            reads the metadata files that are current now.
            """)

    @OptionGroup var lake: LakeOptions

    func run() throws {
        try reportingFailure { Console.write(try LakeScript(try LakePlace.ofProcess(lake)).text) }
    }
}
