internal import JSON

/// A line that a function wrote, for people: a log line as level, message and fields, metrics as names and numbers, and
/// any other text as it is.
enum LogLine {
    static func text(_ line: String) -> String {
        guard let value = try? JSONValue(parsing: Array(line.utf8)), let members = value.members else { return line }
        if let metrics = value["_aws"]?["CloudWatchMetrics"]?.elements {
            let names = metrics.flatMap { $0["Metrics"]?.elements ?? [] }.compactMap { $0["Name"]?.string }
            return "METRIC  " + names.map { "\($0)=\(text(of: value[$0]))" }.joined(separator: " ")
        }
        guard let level = value["level"]?.string, let message = value["message"]?.string else { return line }
        let hidden: Set = ["level", "message", "timestamp", "time", "requestId", "AWSRequestId", "logger", "fields"]
        let all = members + (value["fields"]?.members ?? [])
        let fields = all.filter { !hidden.contains($0.name) }.map { "\($0.name)=\(text(of: $0.value))" }
        let padded = level.uppercased() + String(repeating: " ", count: max(0, 6 - level.count))
        return ([padded, message].joined(separator: "  ") + "  " + fields.joined(separator: " "))
            .trimmingTrailingSpaces
    }

    private static func text(of value: JSONValue?) -> String {
        switch value {
        case nil, .null: "null"
        case .string(let text): text
        case let value?: String(decoding: value.serialized(), as: UTF8.self)
        }
    }
}

extension String {
    fileprivate var trimmingTrailingSpaces: String {
        String(self.reversed().drop { $0 == " " }.reversed())
    }
}
