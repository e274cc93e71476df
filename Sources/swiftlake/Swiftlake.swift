internal import ArgumentParser

/// The command line: runs functions on this machine and looks into the lake they write.
@main
struct Swiftlake: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "swiftlake",
        abstract: "Runs functions of a streaming lakehouse on this machine, and looks into its tables.",
        discussion: """
            The lake lies in the folder .lake of the current directory, unless --lake or the variables LAKE_CATALOG and \
            LAKE_WAREHOUSE name another place. Its tables and streams are declared in lake.json.

            EXAMPLES
              swiftlake demo
              swiftlake up
              swiftlake invoke kinesis-ingest events/kinesis.json
              swiftlake table list
              swiftlake table files iot_db.sensor_readings
              swiftlake view script | duckdb

            EXIT CODES
              0   the command did what it says
              1   the command failed, or the function reported an error
              3   the function left records to be sent again
              64  wrong use: an unknown command, option or value
            """,
        version: Version.text,
        subcommands: [
            UpCommand.self, InvokeCommand.self, DemoCommand.self, EventCommand.self, TableCommand.self,
            ViewCommand.self,
            DefinitionCommand.self, DeviceCommand.self,
        ])

    /// Runs the command that the arguments name.
    static func main() {
        Console.reserveClosedStreams()
        main(nil)
    }
}

/// What this build calls itself.
enum Version {
    static let text = "swiftlake 0.1.0"
}
