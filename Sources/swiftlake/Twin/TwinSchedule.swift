internal import Lake

/// A schedule of lake.json, and whether a local twin runs it.
struct TwinSchedule: Equatable {
    /// What lake.json says.
    let definition: ScheduleDefinition
    /// Why it is off; nil if it runs.
    let reasonOff: String?

    /// Whether the job puts records into streams.
    var isProducer: Bool { ["poll-quotes", "simulate-trades", "simulate-sensors"].contains(definition.job) }

    /// What a twin has, for the jobs that need it.
    struct Surroundings {
        /// The programs that are built, by job.
        var programs: Set<String>
        var options: TwinOptions
        /// The variables of this program.
        var environment: [String: String]
        /// Why a schedule's text cannot be understood; nil if it can.
        var fault: (ScheduleDefinition) -> String?
    }

    /// The schedules of a lake.
    static func all(of definition: LakeDefinition, _ surroundings: Surroundings) -> [TwinSchedule] {
        definition.schedules.map { TwinSchedule(definition: $0, reasonOff: reason($0, surroundings)) }
    }

    private static func reason(_ schedule: ScheduleDefinition, _ surroundings: Surroundings) -> String? {
        func has(_ names: String...) -> Bool { names.contains { !(surroundings.environment[$0] ?? "").isEmpty } }
        guard JobProgram.isKnown(schedule.job) else { return "there is no function \(schedule.job)" }
        if let fault = surroundings.fault(schedule) { return fault }
        let options = surroundings.options
        switch schedule.job {
        case "simulate-trades", "simulate-sensors":
            return options.simulates ? "the twin's own simulator makes these records" : "as --no-simulators says"
        case "poll-quotes":
            if options.simulates { return "the twin's own simulator makes these records (--no-simulators ends that)" }
            if options.brokers == nil { return "it writes to a cluster: name one with --kafka" }
        case "bootstrap-topics":
            if options.brokers == nil { return "it makes topics in a cluster: name one with --kafka" }
        case "refresh-assets":
            if !has("COINAPI_KEY", "COINAPI_KEY_SECRET_ARN") { return "it needs CoinAPI's key: set COINAPI_KEY" }
        default: break
        }
        guard surroundings.programs.contains(schedule.job) else {
            return "its program is not built: swift build --product \(schedule.job)"
        }
        return nil
    }
}
