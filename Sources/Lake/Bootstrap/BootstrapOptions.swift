internal import Iceberg
internal import JSON
internal import LambdaRuntime

/// What an event of bootstrap-tables asks for.
struct BootstrapOptions: Equatable {
    /// Whether the plan is only shown.
    var isDryRun = false
    /// Whether columns may be dropped that a definition no longer has, whatever its table says of that.
    var allowsDrop = false
    /// The databases that are meant, with all that is in them; nil for all, unless tables are named.
    var databases: [String]?
    /// The tables and views that are meant; nil for all, unless databases are named.
    var tables: [String]?
    /// Whether there is nothing to do, as when Terraform destroys what invoked the function.
    var isDestruction = false

    private static let members = ["allowDrop", "databases", "dryRun", "tables"]
    /// Where Terraform's `aws_lambda_invocation` says why it invokes the function, beside the input that it was given.
    private static let terraform = "tf"

    /// Reads an event: the members of this job, or an event of an EventBridge rule or schedule, which asks for the
    /// defaults.
    /// - Throws: ``JobError`` for a member or a name that there is not.
    init(_ event: JSONValue, _ definition: LakeDefinition) throws(JobError) {
        guard let members = event.members else {
            throw Self.wrong("the event is \(event.kindName), not an object such as {\"dryRun\": true}")
        }
        if event["detail-type"]?.string != nil, event["source"]?.string != nil { return }
        for (name, value) in members {
            switch name {
            case "dryRun": isDryRun = try Self.flag(name, value)
            case "allowDrop": allowsDrop = try Self.flag(name, value)
            case "databases": databases = try Self.names(name, value, among: definition.namespaces)
            case "tables":
                let known = definition.tables.map(\.identifier) + definition.views.map(\.identifier)
                tables = try Self.names(name, value, among: known.map(\.description))
            case ScheduledInput.executionID, ScheduledInput.scheduledTime: try Self.checkSchedule(name, value)
            case Self.terraform: isDestruction = value["action"]?.string == "delete"
            default:
                let hint = Suggestion.hint(for: name, among: Self.members)
                throw Self.wrong(
                    "the event has a member \"\(name)\", which is none of \(Self.members.joined(separator: ", "))\(hint)"
                )
            }
        }
    }

    /// Whether a table or view is meant.
    func includes(_ table: TableIdentifier) -> Bool {
        guard databases != nil || tables != nil else { return true }
        return databases?.contains(table.namespace) == true || tables?.contains("\(table)") == true
    }

    /// Whether a database is meant, or is that of a table that is.
    func includes(database: String) -> Bool {
        guard databases != nil || tables != nil else { return true }
        return databases?.contains(database) == true || tables?.contains { $0.hasPrefix(database + ".") } == true
    }

    /// Checks what a schedule adds to the input of every job. Nothing depends on it here.
    private static func checkSchedule(_ name: String, _ value: JSONValue) throws(JobError) {
        do throws(EventError) {
            if name == ScheduledInput.executionID {
                _ = try ScheduledInput.executionID(value)
            } else {
                _ = try ScheduledInput.scheduledMs(value)
            }
        } catch {
            throw wrong("\(error)")
        }
    }

    private static func flag(_ name: String, _ value: JSONValue) throws(JobError) -> Bool {
        guard let flag = value.bool else {
            throw wrong("\(name) is \(value.kindName) in the event, not true or false")
        }
        return flag
    }

    private static func names(
        _ member: String, _ value: JSONValue, among known: [String]
    ) throws(JobError) -> [String] {
        guard let elements = value.elements else {
            throw wrong("\(member) is \(value.kindName) in the event, not a list of names")
        }
        var names: [String] = []
        for element in elements {
            guard let name = element.string else {
                throw wrong("\(member) holds \(element.kindName) in the event, not only names")
            }
            guard known.contains(name) else {
                throw wrong(
                    "the definition has no \"\(name)\", which the event names in \(member)"
                        + Suggestion.hint(for: name, among: known))
            }
            names.append(name)
        }
        return names
    }

    private static func wrong(_ message: String) -> JobError { JobError(.bootstrap(.event), message) }
}

extension LakeDefinition {
    /// Every database that is declared, or that a table or view is in, in the definition's order.
    package var namespaces: [String] {
        var names = databases.map(\.name)
        for name in (tables.map(\.identifier) + views.map(\.identifier)).map(\.namespace) where !names.contains(name) {
            names.append(name)
        }
        return names
    }
}
