public import JSON

/// An event of an EventBridge rule, or of EventBridge Scheduler where the schedule gives no input of its own. A schedule
/// that has an input sends just that: take it as a ``JSONEvent``.
public struct EventBridgeEvent: LambdaEvent, Sendable {
    /// The event's id.
    public let id: String
    /// What it is about, such as `Scheduled Event`.
    public let detailType: String
    /// Who sent it, such as `aws.events` or `aws.scheduler`.
    public let source: String
    /// The AWS account.
    public let account: String
    /// When it happened, as ISO 8601 text.
    public let time: String
    /// The AWS Region.
    public let region: String
    /// ARNs of what it is about, such as the rule's or the schedule's.
    public let resources: [String]
    /// The detail. Scheduler sends it as JSON text in a string, which is read here; a string that is not JSON stays one.
    public let detail: JSONValue

    /// Decodes an event.
    /// - Throws: ``EventError`` with the field that is wrong.
    public init(_ buffer: EventBuffer) throws(EventError) {
        var reader = try EventReader(buffer)
        var texts: [String: String] = [:]
        var resources: [String] = []
        var detail: JSONValue?
        try reader.beginObject("")
        while let key = try reader.nextKey("") {
            if let name = Self.names.first(where: { reader.json.equals(key, $0) })?.description {
                texts[name] = try reader.text(name)
            } else if reader.isKey(key, "resources") {
                resources.removeAll()
                try reader.beginArray("resources")
                while try reader.nextElement("resources") {
                    resources.append(try reader.text("resources[\(resources.count)]"))
                }
            } else if reader.isKey(key, "detail") {
                detail = try Self.detail(&reader)
            } else {
                try reader.skip("")
            }
        }
        try reader.end()
        func text(_ name: StaticString) throws(EventError) -> String {
            guard let text = texts[name.description] else {
                throw EventError(.missingField, name.description, "an EventBridge event has it, but here it is missing")
            }
            return text
        }
        source = try text("source")
        detailType = try text("detail-type")
        id = try text("id")
        time = try text("time")
        account = texts["account"] ?? ""
        region = texts["region"] ?? ""
        guard let detail else {
            throw EventError(.missingField, "detail", "an EventBridge event has it, but here it is missing")
        }
        self.detail = detail
        self.resources = resources
    }

    private static let names: [StaticString] = ["id", "detail-type", "source", "account", "time", "region"]

    private static func detail(_ reader: inout EventReader) throws(EventError) -> JSONValue {
        let kind = try reader.peek("detail")
        guard kind == .object || kind == .string else {
            throw EventReader.wrongKind(kind, "an object, or one as text in a string", "detail")
        }
        let detail = try reader.tree("detail")
        guard let text = detail.string else { return detail }
        return (try? JSONValue(parsing: Array(text.utf8))) ?? detail
    }
}
