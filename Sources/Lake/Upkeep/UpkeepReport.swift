internal import AWS
internal import JSON
internal import LambdaRuntime
internal import Logging

/// What one invocation of a run came to.
struct UpkeepReport {
    let engine: UpkeepOptions.Engine
    let run: String
    let hop: Int
    /// The tables that are done with, in order or not.
    var results: [UpkeepResult] = []
    var passedOver: [UpkeepTables.PassedOver] = []
    /// The tables that are left, and how far they are.
    var left: [UpkeepOptions.Continuation.Left] = []
    /// Whether another invocation goes on with them.
    var isHandedOn = false

    init(_ engine: UpkeepOptions.Engine, _ options: UpkeepOptions) {
        self.engine = engine
        run = options.run
        hop = options.hop
    }

    private var failed: Int { results.count { $0.failure != nil } }

    /// The reply.
    var response: LambdaResponse {
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("engine", engine.rawValue)
            writer.member(ScheduledInput.executionID, run)
            writer.member("hop", hop)
            writer.member("tables") { writer in
                writer.array { writer in for result in results { result.write(to: &writer) } }
            }
            writer.member("failed", failed)
            writer.member("passedOver") { writer in
                writer.array { writer in
                    for other in passedOver {
                        writer.object { writer in
                            writer.member("name", other.name)
                            writer.member("reason", other.reason)
                        }
                    }
                }
            }
            writer.member("remaining") { writer in
                writer.array { writer in for left in left { writer.string("\(left.table)") } }
            }
            writer.member("handedOn", isHandedOn)
            if let note { writer.member("note", note) }
        }
        return LambdaResponse(writer.bytes)
    }

    private var note: String? {
        if !left.isEmpty, !isHandedOn {
            return "there was no time for the remaining tables, and this is no function of Lambda's that could call "
                + "itself: run it again with more time"
        }
        return engine == .native ? "snapshots were expired; this engine does not compact files" : nil
    }

    /// Writes what happened as one log line, and the totals as metrics.
    func log(_ context: Context) {
        let fields: Logger.Metadata = [
            "engine": "\(engine.rawValue)", "executionId": "\(run)", "hop": .stringConvertible(hop),
            "tables": .stringConvertible(results.count), "failed": .stringConvertible(failed),
            "passedOver": .stringConvertible(passedOver.count), "remaining": .stringConvertible(left.count),
        ]
        if failed > 0 {
            context.log.error("tables could not be kept in order", metadata: fields)
        } else if !left.isEmpty {
            context.log.warning("the time is over, and tables are left", metadata: fields)
        } else {
            context.log.info("the tables are in order", metadata: fields)
        }
        for (metric, count) in [
            ("TablesDone", results.count - failed), ("TablesFailed", failed), ("TablesRemaining", left.count),
        ] {
            context.metrics.put(metric, count, dimensions: ["Job": "optimize-tables"])
        }
    }
}

extension UpkeepResult {
    /// Writes what became of the table as one log line and as metrics with the table as dimension.
    func log(_ context: Context) {
        var fields: Logger.Metadata = ["table": "\(name)"]
        for (name, number) in numbers { fields[name] = .stringConvertible(number) }
        if let failure {
            fields["failure"] = "\(failure)"
            context.log.error("the table could not be kept in order", metadata: fields)
        } else {
            context.log.info("the table is in order", metadata: fields)
        }
        for (name, number) in numbers {
            let unit: MetricUnit =
                name == "durationMs" ? .milliseconds : name.lowercased().holds("bytes") ? .bytes : .count
            let metric = name == "durationMs" ? "Duration" : name.prefix(1).uppercased() + name.dropFirst()
            context.metrics.put(metric, Double(number), unit: unit, dimensions: ["Table": self.name])
        }
        context.metrics.put("UpkeepFailed", failure == nil ? 0 : 1, dimensions: ["Table": name])
    }
}
