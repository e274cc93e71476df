internal import ArgumentParser

/// What a twin says when it ends.
struct TwinReport {
    let status: TwinStatus
    let failures: String
    let command: String
    let fault: String?

    init(status: TwinStatus, failures: String, command: String, fault: String?) {
        (self.status, self.failures, self.command, self.fault) = (status, failures, command, fault)
    }

    init(status: TwinStatus, twin: Twin) {
        self.init(
            status: status, failures: twin.folder.failures, command: twin.place.command("up"), fault: twin.control.fault
        )
    }

    /// Whether every record that was read or made is in the tables.
    var isComplete: Bool { status.lag == 0 && status.discarded == 0 && fault == nil }

    /// Totals, and what is left.
    var lines: [String] {
        var lines: [String] = []
        if status.made > 0 {
            let parts = status.streams.filter { $0.made > 0 }.map { "\($0.name) \(Quantity.grouped($0.made))" }
            lines.append("\(Quantity.counted(status.made, "record")) made: \(parts.joined(separator: ", ")).")
        }
        let taken = status.consumers.reduce(0) { $0 + $1.taken }
        let rows = status.tables.reduce(0) { $0 + $1.newRows }
        let commits = status.tables.reduce(0) { $0 + $1.commits }
        lines.append(
            "\(Quantity.counted(taken, "record")) taken by functions: \(Quantity.counted(rows, "new row")) in "
                + "\(Quantity.counted(commits, "commit")), \(Quantity.counted(status.deadLetters, "dead letter")), "
                + "\(Quantity.counted(status.alerts, "alert")).")
        if status.failures + status.kills + status.restarts > 0 {
            lines.append(
                "\(Quantity.counted(status.kills, "function")) killed, \(Quantity.counted(status.restarts, "restart")), "
                    + "\(Quantity.counted(status.failures, "invocation")) tried again.")
        }
        if status.discarded > 0 {
            lines.append("\(Quantity.counted(status.discarded, "record")) given up: \(failures) has them.")
        }
        if status.lag > 0 {
            let parts = status.consumers.filter { $0.lag > 0 }.map {
                "\(Quantity.grouped($0.lag)) of \($0.stream) for \($0.job)"
            }
            lines.append(
                "\(Quantity.counted(status.lag, "record")) left: \(parts.joined(separator: ", ")). They are safe in their "
                    + "streams: `\(command)` goes on with them.")
        } else if fault == nil {
            lines.append("Nothing is left in the streams.")
        }
        return lines
    }

    /// Prints it, and exits with what it means.
    func conclude() throws {
        Console.print([""] + lines)
        if let fault {
            Console.complain("swiftlake: \(fault)")
            throw ExitCode.failure
        }
        if !isComplete { throw ExitCode(3) }
    }
}
