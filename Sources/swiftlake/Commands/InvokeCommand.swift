internal import ArgumentParser
internal import Foundation
internal import Lake

/// `swiftlake invoke JOB EVENT.json`
struct InvokeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "invoke",
        abstract: "Runs one function on one event, as Lambda would, and shows what it answers.",
        discussion: """
            The function's own program is started against a Runtime API on this machine. Its tables lie in .lake, unless \
            --lake or LAKE_CATALOG and LAKE_WAREHOUSE name another place.

            FUNCTIONS
            \(JobProgram.list)

            EXAMPLES
              swiftlake invoke kinesis-ingest events/kinesis.json
              swiftlake invoke kinesis-ingest event.json --lake /tmp/lake
              swiftlake invoke kinesis-ingest event.json --binary dist/bootstrap --json

            EXIT CODES
              0   the function took the whole event
              1   the function failed, crashed, took too long, or could not be run
              3   the function left records to be sent again: batchItemFailures
              64  wrong use
            """)

    @Argument(help: ArgumentHelp("The function.", valueName: "job"))
    var job: String

    @Argument(
        help: ArgumentHelp("The event's file, or - for standard input.", valueName: "event.json"), completion: .file())
    var event: String

    @Option(help: ArgumentHelp("The function's program; by default the one beside swiftlake.", valueName: "PATH"))
    var binary: String?

    @Option(help: ArgumentHelp("How long the function may take.", valueName: "SECONDS"))
    var timeout = 60.0

    @OptionGroup var lake: LakeOptions

    @Flag(help: "Print JSON instead of text.")
    var json = false

    func validate() throws {
        guard binary != nil || JobProgram.isKnown(job) else { throw ValidationError(JobProgram.unknown(job)) }
        guard timeout > 0, timeout <= 900 else { throw ValidationError("--timeout needs a number from 0 to 900") }
    }

    func run() throws {
        try reportingFailure {
            let place = try LakePlace.ofProcess(lake)
            let program = try JobProgram(job, binary: binary, folder: LakePlace.executableDirectory)
            let bytes = try readEvent()
            let runtime = try LocalRuntime(
                executable: program.path,
                environment: program.environment(place, inherited: ProcessInfo.processInfo.environment),
                timeoutSeconds: timeout)
            let report = try runtime.invoke(bytes)
            runtime.stop()
            if json { Console.print(report.json) } else { Console.print(report.lines(job)) }
            if report.exitCode != .success {
                Console.complain("swiftlake: " + report.sentence(job))
                throw report.exitCode
            }
        }
    }

    private func readEvent() throws -> [UInt8] {
        if event == "-" { return Array(FileHandle.standardInput.readDataToEndOfFile()) }
        guard let data = FileManager.default.contents(atPath: event) else {
            throw CommandFailure("\(event): there is no such file, or it cannot be read. events/ holds samples")
        }
        return Array(data)
    }
}
