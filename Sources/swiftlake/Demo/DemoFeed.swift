internal import ArgumentParser
internal import Foundation

/// Sends a range of the generated stream to a function, batch after batch, as an event source mapping would.
struct DemoFeed {
    let readings: SensorReadings
    let range: Range<Int>
    let batch: Int

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
        var progress = ProgressBar(total: range.count)
        var durations: [Double] = []
        var coldStart: Double?
        var peakMemoryBytes: Int?
        let clock = ContinuousClock()
        let start = clock.now
        func elapsed() -> Double {
            let (seconds, attoseconds) = (clock.now - start).components
            return Double(seconds) + Double(attoseconds) * 1e-18
        }
        for first in stride(from: range.lowerBound, to: range.upperBound, by: batch) {
            let records = first..<min(first + batch, range.upperBound)
            let report = try runtime.invoke(GeneratedKinesisEvent.text(readings, records))
            guard report.exitCode == .success else {
                Console.complain(report.logLines.suffix(10).map { "  " + LogLine.text($0) }.joined(separator: "\n"))
                Console.complain("swiftlake: " + report.sentence(program.name))
                throw report.exitCode
            }
            durations.append((report.durationMilliseconds ?? 0) / 1000)
            coldStart = coldStart ?? report.initialisationMilliseconds.map { $0 / 1000 }
            peakMemoryBytes = report.peakMemoryBytes ?? peakMemoryBytes
            let done = records.upperBound - range.lowerBound
            let rate = Quantity.grouped(Int(Double(done) / max(elapsed(), 0.001)))
            if let text = progress.text(done, "\(Quantity.grouped(done)) records, \(rate) a second") {
                Console.write(text)
            }
        }
        runtime.stop()
        return Outcome(
            records: range.count, seconds: elapsed(), durations: durations, coldStart: coldStart,
            peakMemoryBytes: peakMemoryBytes)
    }
}
