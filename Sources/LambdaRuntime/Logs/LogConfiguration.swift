public import Logging

/// How a function logs, as Lambda's environment says it.
public struct LogConfiguration: Equatable, Sendable {
    /// How a line is written.
    public enum Format: Sendable {
        /// One JSON object a line.
        case json
        /// Time, request id, level, message and fields, separated by spaces.
        case text
    }

    /// How a line is written.
    public var format: Format
    /// The least severe level that is written.
    public var level: Logger.Level

    /// JSON lines from `info` on, unless told otherwise.
    public init(format: Format = .json, level: Logger.Level = .info) {
        self.format = format
        self.level = level
    }

    /// What `AWS_LAMBDA_LOG_FORMAT` (`JSON` or `Text`) and `AWS_LAMBDA_LOG_LEVEL` (`TRACE`, `DEBUG`, `INFO`, `WARN`,
    /// `ERROR`, `FATAL`) ask for, in any case of letters. Unset or unknown values mean JSON from `INFO` on.
    public init(environment: [String: String]) {
        self.init()
        if environment["AWS_LAMBDA_LOG_FORMAT"]?.lowercased() == "text" { format = .text }
        switch environment["AWS_LAMBDA_LOG_LEVEL"]?.uppercased() {
        case "TRACE": level = .trace
        case "DEBUG": level = .debug
        case "WARN": level = .warning
        case "ERROR": level = .error
        case "FATAL": level = .critical
        default: level = .info
        }
    }
}

extension Logger.Level {
    /// The level as Lambda spells it, which has no notice.
    var lambdaName: String {
        switch self {
        case .trace: "TRACE"
        case .debug: "DEBUG"
        case .info, .notice: "INFO"
        case .warning: "WARN"
        case .error: "ERROR"
        case .critical: "FATAL"
        }
    }
}
