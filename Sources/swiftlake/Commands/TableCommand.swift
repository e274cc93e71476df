internal import ArgumentParser

/// `swiftlake table …`
struct TableCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "table",
        abstract: "Looks at the lake's tables.",
        discussion: """
            Everything is read from the catalog, the table metadata and the manifests, as any Iceberg reader does; no data \
            file is opened. --json prints the same for scripts.

            EXAMPLES
              swiftlake table list
              swiftlake table describe iot_db.sensor_readings
              swiftlake table history iot_db.sensor_readings
              swiftlake table files iot_db.sensor_readings --bounds
              swiftlake table list --lake /srv/lake --json
            """,
        subcommands: [
            TableListCommand.self, TableDescribeCommand.self, TableHistoryCommand.self, TableFilesCommand.self,
        ])
}

/// What all table commands take.
struct TableOptions: ParsableArguments {
    @OptionGroup var lake: LakeOptions

    @Flag(help: "Print JSON instead of text.")
    var json = false

    /// The lake, opened; complains and exits if it cannot be.
    func inspect(_ body: (LakeInspector) throws -> Void) throws {
        try reportingFailure { try body(try LakeInspector(try LakePlace.ofProcess(lake))) }
    }
}

/// Runs a command's work; what goes wrong is said on standard error, and the program exits with 1.
func reportingFailure(_ work: () throws -> Void) throws {
    do {
        try work()
    } catch let code as ExitCode {
        throw code
    } catch {
        Console.complain("swiftlake: \(error)")
        throw ExitCode.failure
    }
}
