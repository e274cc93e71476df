internal import Calendar
internal import EventSources
internal import Foundation
internal import JSON
internal import Lake

/// Starts a job at the times of its schedule, in a thread of its own.
struct ScheduleRun: Sendable {
    let definition: ScheduleDefinition
    let schedule: Schedule
    /// Whether the job puts records into streams, so that the end of its run is waited for before these are drained.
    let isProducer: Bool
    let program: String
    let environment: [String: String]
    let control: TwinControl
    let process: RunningProcess
    let onLog: @Sendable (String) -> Void

    /// As long as a function may take, and how often a run that failed is tried again.
    private static let timeoutSeconds = 900.0
    private static let retries = 2
    private static let lookMs: Int64 = 200

    /// Runs until no more records are made.
    func run() {
        var last = Lane.nowMs()
        while let due = schedule.next(afterMs: last) {
            while Lane.nowMs() < due {
                guard control.phase == .running else { return }
                Lane.sleep(min(Self.lookMs, due - Lane.nowMs()))
            }
            for attempt in 0...Self.retries where control.phase == .running {
                if start(dueMs: due) { break }
                Lane.sleep(1_000 << Int64(attempt))
            }
            last = Self.settled(due, nowMs: Lane.nowMs())
        }
    }

    /// The time after which the next run is due: what was due while the machine slept, or the run went on, is left out.
    static func settled(_ dueMs: Int64, nowMs: Int64) -> Int64 { max(dueMs, nowMs - 1) }

    private func start(dueMs: Int64) -> Bool {
        guard !isProducer || control.producerStarted() else { return false }
        defer { if isProducer { control.producerEnded() } }
        do {
            let runtime = try LocalRuntime(
                executable: program, environment: environment, timeoutSeconds: Self.timeoutSeconds, running: process,
                onLog: onLog)
            defer { runtime.stop() }
            let report = try runtime.invoke(Self.event(definition, dueMs: dueMs))
            control.note("\(definition.name): \(report.sentence(definition.job))")
            return report.isSuccess
        } catch {
            control.note("\(definition.name): \(error)")
            return false
        }
    }

    /// The event of a run: the schedule's own input with its placeholders filled in, or what EventBridge Scheduler sends
    /// where there is none.
    static func event(_ definition: ScheduleDefinition, dueMs: Int64) -> [UInt8] {
        let time = TimeText.second(dueMs).replacing(" ", with: "T") + "Z"
        let arn = "arn:aws:scheduler:local:000000000000:schedule/default/\(definition.name)"
        let id = "\(definition.name)-\(dueMs)"
        guard let input = definition.input else {
            var writer = JSONWriter()
            writer.object { writer in
                writer.member("version", "0")
                writer.member("id", id)
                writer.member("detail-type", "Scheduled Event")
                writer.member("source", "aws.scheduler")
                writer.member("account", "000000000000")
                writer.member("time", time)
                writer.member("region", "local")
                writer.member("resources") { $0.array { $0.string(arn) } }
                writer.member("detail", "{}")
            }
            return writer.bytes
        }
        let places = [
            "<aws.scheduler.scheduled-time>": time, "<aws.scheduler.execution-id>": id,
            "<aws.scheduler.attempt-number>": "1", "<aws.scheduler.schedule-arn>": arn,
        ]
        let text = places.reduce(String(decoding: input.serialized(), as: UTF8.self)) {
            $0.replacing($1.key, with: $1.value)
        }
        return Array(text.utf8)
    }
}
