internal import ArgumentParser
internal import Foundation

/// One event of a demo, made when its turn comes.
struct DemoEvent {
    /// How many records it has.
    let records: Int
    let text: () -> [UInt8]
}

/// Sends generated events to a function, one after another, as an event source mapping would.
struct DemoFeed {
    let events: [DemoEvent]

    /// What it took.
    struct Outcome {
        let records: Int
        let seconds: Double
        /// One a batch, the cold start's left out of the first.
        let durations: [Double]
        let coldStart: Double?
        let peakMemoryBytes: Int?

        /// Time and memory, as sentences.
        var sentence: String {
            let sorted = durations.sorted()
            let median = sorted.isEmpty ? 0 : sorted[sorted.count / 2]
            let batches = durations.count == 1 ? "1 batch" : "\(Quantity.grouped(durations.count)) batches"
            var text = "\(Quantity.counted(records, "record")) in \(batches)"
            text += ": \(Quantity.seconds(seconds)) in all, \(Quantity.seconds(median)) for the median batch"
            if let coldStart { text += ", cold start \(Quantity.seconds(coldStart))" }
            if let peakMemoryBytes { text += ", \(Quantity.bytes(Int64(peakMemoryBytes))) of memory at most" }
            return text + "."
        }
    }

    /// Sends everything, drawing a progress bar. Complains and exits if the function does not take a batch.
    func run(_ program: JobProgram, _ place: LakePlace) throws -> Outcome {
        let runtime = try LocalRuntime(
            executable: program.path,
            environment: program.environment(place, inherited: ProcessInfo.processInfo.environment),
            timeoutSeconds: 60)
        let total = events.reduce(0) { $0 + $1.records }
        var progress = ProgressBar(total: total)
        var durations: [Double] = []
        var coldStart: Double?
        var peakMemoryBytes: Int?
        var done = 0
        let clock = ContinuousClock()
        let start = clock.now
        func elapsed() -> Double {
            let (seconds, attoseconds) = (clock.now - start).components
            return Double(seconds) + Double(attoseconds) * 1e-18
        }
        for event in events {
            let report = try runtime.invoke(event.text())
            try report.requireSuccess(program.name)
            durations.append((report.durationMilliseconds ?? 0) / 1000)
            coldStart = coldStart ?? report.initialisationMilliseconds.map { $0 / 1000 }
            peakMemoryBytes = report.peakMemoryBytes ?? peakMemoryBytes
            done += event.records
            let rate = Quantity.grouped(Int(Double(done) / max(elapsed(), 0.001)))
            if let text = progress.text(done, "\(Quantity.grouped(done)) records, \(rate) a second") {
                Console.write(text)
            }
        }
        runtime.stop()
        return Outcome(
            records: total, seconds: elapsed(), durations: durations, coldStart: coldStart,
            peakMemoryBytes: peakMemoryBytes)
    }
}

extension InvocationReport {
    /// Complains with the last logs and exits, unless the function took the whole event.
    func requireSuccess(_ name: String) throws {
        guard exitCode != .success else { return }
        Console.complain(logLines.suffix(10).map { "  " + LogLine.text($0) }.joined(separator: "\n"))
        Console.complain("swiftlake: " + sentence(name))
        throw exitCode
    }
}
