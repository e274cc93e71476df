internal import ArgumentParser
internal import JSON

extension InvocationReport {
    /// What to exit with: 0 for an answer, 3 if the answer leaves records to be sent again, 1 for everything else.
    var exitCode: ExitCode {
        guard isSuccess else { return .failure }
        return firstFailure == nil ? .success : ExitCode(3)
    }

    /// The first record that the reply wants to be sent again: its shard sequence number, or the topic, partition and
    /// offset; empty where the reply names none, which asks for the whole batch.
    var firstFailure: String? {
        guard case .response(let bytes) = outcome, let reply = try? JSONValue(parsing: bytes),
            let failure = reply["batchItemFailures"]?.elements?.first
        else { return nil }
        guard let identifier = failure["itemIdentifier"] else { return "" }
        if let text = identifier.string { return text }
        let (partition, offset) = (identifier["partition"]?.string ?? "", identifier["offset"]?.integer ?? 0)
        return partition.isEmpty ? "" : "\(partition) offset \(offset)"
    }

    /// How it ended, as a sentence about the function.
    func sentence(_ name: String) -> String {
        switch outcome {
        case .response:
            switch firstFailure {
            case nil: "\(name) answered"
            case "": "\(name) left the whole batch to be sent again"
            case let first?: "\(name) left records to be sent again, from \(first) on"
            }
        case .functionError(let type, let message): "\(name) reported an error: \(message) (\(type))"
        case .initialisationError(let type, let message): "\(name) could not start: \(message) (\(type))"
        case .exit(let status): "\(name) ended with exit code \(status) and gave no answer"
        case .crash(let signal): "\(name) crashed with signal \(signal)"
        case .timeout(let seconds): "\(name) took longer than \(Quantity.seconds(seconds)) and was ended"
        }
    }

    /// Logs, reply, time and memory, for people.
    func lines(_ name: String) -> [String] {
        var lines: [String] = []
        if !logLines.isEmpty { lines += ["logs"] + logLines.map { "  " + LogLine.text($0) } }
        if case .response(let bytes) = outcome { lines += ["reply", "  " + String(decoding: bytes, as: UTF8.self)] }
        if let durationMilliseconds {
            var costs = "duration  \(Quantity.seconds(durationMilliseconds / 1000))"
            if let start = initialisationMilliseconds {
                costs += ", after a cold start of \(Quantity.seconds(start / 1000))"
            }
            lines.append(costs)
        }
        if let peakMemoryBytes { lines.append("memory    \(Quantity.bytes(Int64(peakMemoryBytes))) at most") }
        return lines
    }

    /// The same for scripts.
    var json: String {
        var writer = JSONWriter(indentation: 2)
        writer.object { writer in
            writer.member("requestID", requestID)
            switch outcome {
            case .response(let bytes):
                writer.member(
                    "reply", (try? JSONValue(parsing: bytes)) ?? .string(String(decoding: bytes, as: UTF8.self)))
            case .functionError(let type, let message), .initialisationError(let type, let message):
                writer.member("error") { writer in
                    writer.object { writer in
                        writer.member("type", type)
                        writer.member("message", message)
                    }
                }
            default: writer.member("error") { $0.object { $0.member("message", sentence("the function")) } }
            }
            writer.member("durationMs", durationMilliseconds.map { .number("\($0)") } ?? .null)
            writer.member("initialisationMs", initialisationMilliseconds.map { .number("\($0)") } ?? .null)
            writer.member("peakMemoryBytes", peakMemoryBytes.map { .integer($0) } ?? .null)
            writer.member("logs") { writer in
                writer.array { writer in
                    for line in logLines {
                        writer.value((try? JSONValue(parsing: Array(line.utf8))) ?? .string(line))
                    }
                }
            }
        }
        return writer.text
    }
}
