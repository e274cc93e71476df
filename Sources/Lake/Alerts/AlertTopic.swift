internal import AWS
internal import Iceberg

/// The topic of Amazon SNS that alerts are published to.
struct AlertTopic {
    /// The variable that names it.
    static let variable = "ALERTS_TOPIC_ARN"
    /// Longer headlines are refused by SNS.
    private static let longestSubject = 99

    /// The topic's ARN.
    let arn: String
    private let send: (SNS.Message) throws -> Void

    /// - Parameter send: publishes one message.
    init(arn: String, send: @escaping (SNS.Message) throws -> Void) {
        self.arn = arn
        self.send = send
    }

    /// The topic that the environment names; nil if it names none.
    /// - Parameter client: what sends the requests, made when it is first needed.
    /// - Throws: ``ConfigurationError`` if it is no topic's ARN.
    init?(
        _ environment: [String: String], client: @escaping () throws(IcebergError) -> ServiceClient
    ) throws(ConfigurationError) {
        guard let arn = environment[Self.variable], !arn.isEmpty else { return nil }
        let parts = arn.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 6, parts[0] == "arn", parts[2] == "sns", parts[3...].allSatisfy({ !$0.isEmpty }),
            arn.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
        else {
            throw ConfigurationError(problems: [
                ConfigurationError.Problem(
                    variable: Self.variable,
                    message: "must be the ARN of a topic, such as arn:aws:sns:eu-west-1:123456789012:alerts")
            ])
        }
        self.init(arn: arn) { message in _ = try SNS(try client()).publish(message, to: arn) }
    }

    /// Publishes an alert. A FIFO topic is told what the alert has however often it is found, so that it drops repetitions.
    /// - Throws: `ServiceError` if the topic may not have it.
    func publish(_ alert: Alert) throws {
        var message = SNS.Message(Self.text(alert), subject: Self.subject(alert), attributes: Self.attributes(alert))
        if arn.hasSuffix(".fifo") {
            message.groupID = String(alert.stream.prefix(128))
            message.deduplicationID = alert.id
        }
        try send(message)
    }
}

// MARK: - The message

extension AlertTopic {
    /// The anomaly in words, with what a person needs to look it up.
    static func text(_ alert: Alert) -> String {
        var lines = [alert.message + ".", "", "rule: \(alert.rule) (\(alert.kind))", "key: \(alert.key)"]
        lines.append(
            (alert.column == nil ? "last reading: " : "reading: ") + AlertWords.time(us: alert.readingUs))
        lines.append("found: " + AlertWords.time(us: alert.detectedMs * 1000))
        lines.append("stream: \(alert.stream), \(alert.shard)" + (alert.sequenceNumber.map { ", \($0)" } ?? ""))
        lines.append("alert: \(alert.id)")
        return printable(lines.joined(separator: "\n"))
    }

    /// The headline: ASCII on one line, within SNS's length.
    static func subject(_ alert: Alert) -> String {
        let text = "\(alert.rule): \(alert.message)".unicodeScalars.map { scalar in
            scalar.value >= 0x20 && scalar.value < 0x7F ? Character(scalar) : "?"
        }
        return text.count <= longestSubject ? String(text) : String(text.prefix(longestSubject - 3)) + "..."
    }

    /// What filters of subscriptions look at; `alert` is the row of the table as a JSON object.
    static func attributes(_ alert: Alert) -> [String: SNS.Attribute] {
        var attributes: [String: SNS.Attribute] = [
            "rule": .string(alert.rule), "kind": .string(alert.kind), "key": .string(printable(alert.key)),
            "stream": .string(alert.stream), "value": .number("\(alert.value)"),
            "alert": .string(printable(alert.json)),
        ]
        if let column = alert.column { attributes["column"] = .string(column) }
        return attributes
    }

    /// SNS takes no control characters but tab and line breaks, and nothing that XML has no character for.
    private static func printable(_ text: String) -> String {
        var scalars = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0x9, 0xA, 0xD, 0x20...0xD7FF, 0xE000...0xFFFD, 0x10000...: scalars.append(scalar)
            default: scalars.append("\u{FFFD}")
            }
        }
        return String(scalars)
    }
}
