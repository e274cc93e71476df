internal import AWS
package import JSON
package import LambdaRuntime

/// What a schedule calls a job with: an object of the job's own options, or the event that EventBridge sends where a
/// schedule has no input of its own; then every option has its default.
package struct ScheduledInput {
    /// What names this run, so that a repetition of it can be known; nil if the event names none.
    package let executionID: String?
    /// When the schedule meant the run to begin, in milliseconds since the epoch; nil if the event does not say.
    package let scheduledMs: Int64?
    /// The job's own members.
    private let options: JSONValue

    /// The member that names the run.
    package static let executionID = "executionId"
    /// The member that tells when the schedule meant the run to begin.
    package static let scheduledTime = "scheduledTime"
    /// A longer name, in bytes, is refused.
    package static let longestExecutionID = 128

    /// Reads an event.
    /// - Parameter known: the names of the job's options; ``executionID`` and ``scheduledTime`` are every job's.
    /// - Throws: `EventError` for what is no object, has an option that the job does not know, or is another service's.
    package init(_ event: JSONEvent, options known: [String]) throws(EventError) {
        guard let members = event.value.members else {
            throw EventError(
                .wrongKind, "", "expected an object of the job's options, but it is \(event.value.kindName)")
        }
        if event.value["source"]?.string != nil, event.value["detail-type"]?.string != nil {
            executionID = try Self.executionID(event.value["id"], "id")
            scheduledMs = event.value["time"]?.string.flatMap(Timestamp.milliseconds)
            options = .object([])
            return
        }
        let names = [Self.executionID, Self.scheduledTime] + known
        for (name, _) in members where !names.contains(name) {
            throw EventError(
                .badValue, Self.isPlain(name) ? name : "",
                "this job has no such option; it has: \(names.joined(separator: ", "))")
        }
        executionID = try Self.executionID(event.value[Self.executionID])
        scheduledMs = try Self.scheduledMs(event.value[Self.scheduledTime])
        options = event.value
    }

    /// Whether a name may stand in an error as it is.
    private static func isPlain(_ name: String) -> Bool {
        name.utf8.count <= 64 && name.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
    }

    /// Reads the member that names the run.
    static func executionID(_ value: JSONValue?, _ name: String = executionID) throws(EventError) -> String? {
        guard let value, value != .null else { return nil }
        guard let id = value.string else {
            throw EventError(.wrongKind, name, "expected a text, but it is \(value.kindName)")
        }
        guard (1...longestExecutionID).contains(id.utf8.count) else {
            throw EventError(.badValue, name, "must have 1 to \(longestExecutionID) bytes")
        }
        // Every run would have the same name, and all but the first would count as repetitions.
        guard !id.hasPrefix("<aws.scheduler.") else {
            throw EventError(.badValue, name, "is a placeholder of EventBridge Scheduler that was not filled in")
        }
        return id
    }

    /// Reads the member that tells when the run was meant to begin.
    static func scheduledMs(_ value: JSONValue?) throws(EventError) -> Int64? {
        guard let value, value != .null else { return nil }
        guard let text = value.string else { throw wrongKind(scheduledTime, "a text", value) }
        guard let time = Timestamp.milliseconds(text) else {
            throw EventError(
                .badValue, scheduledTime,
                "must be a time such as 2026-01-31T23:59:00Z; in Scheduler's input: <aws.scheduler.scheduled-time>")
        }
        return time
    }
}

// MARK: - Options

extension ScheduledInput {
    /// An option as it stands; nil if it is not given, or null.
    package func value(_ name: String) -> JSONValue? { options[name].flatMap { $0 == .null ? nil : $0 } }

    /// A text.
    package func text(_ name: String) throws(EventError) -> String? {
        guard let value = value(name) else { return nil }
        guard let text = value.string else { throw Self.wrongKind(name, "a text", value) }
        return text
    }

    /// A list of texts.
    package func texts(_ name: String) throws(EventError) -> [String]? {
        guard let value = value(name) else { return nil }
        guard let elements = value.elements else { throw Self.wrongKind(name, "a list of texts", value) }
        var texts: [String] = []
        for (place, element) in elements.enumerated() {
            guard let text = element.string else { throw Self.wrongKind("\(name)[\(place)]", "a text", element) }
            texts.append(text)
        }
        return texts
    }

    /// A whole number of a range.
    package func number(_ name: String, in range: ClosedRange<Int>) throws(EventError) -> Int? {
        guard let value = value(name) else { return nil }
        guard let number = value.integer.flatMap(Int.init(exactly:)), range.contains(number) else {
            throw EventError(
                .badValue, name, "must be a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    /// A yes or no.
    package func flag(_ name: String) throws(EventError) -> Bool? {
        guard let value = value(name) else { return nil }
        guard let flag = value.bool else { throw Self.wrongKind(name, "true or false", value) }
        return flag
    }

    private static func wrongKind(_ name: String, _ expected: String, _ value: JSONValue) -> EventError {
        EventError(.wrongKind, name, "expected \(expected), but it is \(value.kindName)")
    }
}
