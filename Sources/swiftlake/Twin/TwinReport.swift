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
    var isComplete: Bool {
        status.lag == 0 && unread.isEmpty && !status.isCutShort && status.discarded == 0 && fault == nil
    }

    /// Those whose streams could not be read to the end.
    private var unread: [TwinStatus.Consumer] { status.consumers.filter { $0.sourceFault != nil } }

    /// How many records functions took, and by which: those of a stream with two functions are taken by both.
    private var taken: String {
        let jobs = Dictionary(grouping: status.consumers.filter { $0.taken > 0 }, by: \.job)
            .mapValues { $0.reduce(0) { $0 + $1.taken } }.sorted { $0.key < $1.key }
        let count = Quantity.counted(jobs.reduce(0) { $0 + $1.value }, "record")
        switch jobs.count {
        case 0: return "\(count) taken"
        case 1: return "\(count) taken by \(jobs[0].key)"
        default:
            let parts = jobs.map { "\($0.key) \(Quantity.grouped($0.value))" }
            return "\(count) taken by \(jobs.count) functions (\(parts.joined(separator: ", ")))"
        }
    }

    /// Totals, and what is left.
    var lines: [String] {
        var lines: [String] = []
        if status.made > 0 {
            let parts = status.streams.filter { $0.made > 0 }.map { "\($0.name) \(Quantity.grouped($0.made))" }
            lines.append("\(Quantity.counted(status.made, "record")) made: \(parts.joined(separator: ", ")).")
        }
        let rows = status.tables.reduce(0) { $0 + $1.newRows }
        let commits = status.tables.reduce(0) { $0 + $1.commits }
        lines.append(
            "\(taken): \(Quantity.counted(rows, "new row")) in "
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
        lines += unread.map {
            "\($0.stream) could not be read to its end for \($0.job): \($0.sourceFault ?? ""). What is left there is not "
                + "known: `\(command)` goes on with it."
        }
        if status.isCutShort {
            lines.append("Records were still being made at the end: `\(command)` takes those in the streams.")
        }
        let left = status.consumers.filter { $0.lag > 0 && $0.sourceFault == nil }
        if !left.isEmpty {
            let parts = left.map { "\(Quantity.grouped($0.lag)) of \($0.stream) for \($0.job)" }
            lines.append(
                "\(Quantity.counted(left.reduce(0) { $0 + $1.lag }, "record")) left: \(parts.joined(separator: ", ")). They are safe in their "
                    + "streams: `\(command)` goes on with them.")
        } else if unread.isEmpty, !status.isCutShort, fault == nil {
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
