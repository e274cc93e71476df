internal import JSON
public import Logging

/// swift-log's backend on Lambda: one line an event, as ``LogConfiguration`` says. In JSON lines what callers add is
/// under `fields`, so that no name of theirs can hide `level` or `timestamp`, which Lambda's own filters read.
///
/// ``Context/log`` and ``InitContext/log`` use it. A program whose libraries make loggers of their own may install it for
/// them too: `LoggingSystem.bootstrap { LambdaLogHandler(label: $0, configuration: configuration) }`.
public struct LambdaLogHandler: LogHandler {
    /// Fields of every line of this logger.
    public var metadata: Logger.Metadata = [:]
    /// Fields computed for every line, if a library asks for that.
    public var metadataProvider: Logger.MetadataProvider?
    /// The least severe level that is written.
    public var logLevel: Logger.Level
    private let label: String
    private let requestID: String?
    private let format: LogConfiguration.Format
    private let clock: WallClock
    private let writer: LineWriter

    /// A handler, bound to an invocation if it has a request id.
    public init(
        label: String, requestID: String? = nil, configuration: LogConfiguration,
        clock: WallClock = .system, writer: LineWriter = .standardOutput
    ) {
        self.label = label
        self.requestID = requestID
        self.format = configuration.format
        self.logLevel = configuration.level
        self.clock = clock
        self.writer = writer
    }

    /// One field of every line of this logger.
    public subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    /// Writes one line.
    public func log(event: LogEvent) {
        var fields = metadata
        if let provided = metadataProvider?.get() { fields.merge(provided) { own, _ in own } }
        if let added = event.metadata { fields.merge(added) { _, new in new } }
        if let error = event.error, fields["error"] == nil { fields["error"] = "\(error)" }
        switch format {
        case .json: writer(jsonLine(event, fields))
        case .text: writer(textLine(event, fields))
        }
    }

    private func jsonLine(_ event: LogEvent, _ fields: Logger.Metadata) -> [UInt8] {
        var line = JSONWriter()
        line.object { line in
            line.member("timestamp", Timestamp.text(clock.milliseconds))
            line.member("level", event.level.lambdaName)
            if let requestID { line.member("requestId", requestID) }
            line.member("logger", label)
            line.member("message", event.message.description)
            if !fields.isEmpty { line.member("fields") { Self.write(fields, to: &$0) } }
        }
        return line.bytes
    }

    private func textLine(_ event: LogEvent, _ fields: Logger.Metadata) -> [UInt8] {
        var line = Array("\(Timestamp.text(clock.milliseconds)) \(requestID ?? "-") \(event.level.lambdaName) ".utf8)
        Self.appendEscaped(event.message.description, to: &line)
        for (name, value) in fields.sorted(by: { $0.key < $1.key }) {
            line.append(UInt8(ascii: " "))
            Self.appendEscaped(name, to: &line)
            line.append(UInt8(ascii: "="))
            Self.appendEscaped(value.description, to: &line)
        }
        return line
    }

    // MARK: - Fields

    private static func write(_ fields: Logger.Metadata, to line: inout JSONWriter) {
        line.object { line in
            for (name, value) in fields.sorted(by: { $0.key < $1.key }) {
                line.member(name) { write(value, to: &$0) }
            }
        }
    }

    /// Numbers and booleans stay what they are; everything else becomes text.
    private static func write(_ value: Logger.MetadataValue, to line: inout JSONWriter) {
        switch value {
        case .string(let text): line.string(text)
        case .stringConvertible(let value):
            switch value {
            case let number as any FixedWidthInteger: line.raw(number.description)
            case let number as Double where number.isFinite: line.double(number)
            case let number as Float where number.isFinite: line.raw(number.description)
            case let truth as Bool: line.bool(truth)
            default: line.string(value.description)
            }
        case .array(let values): line.array { line in for value in values { write(value, to: &line) } }
        case .dictionary(let fields): write(fields, to: &line)
        }
    }

    /// Text without what could end the line or steer a terminal: control characters are written as JSON writes them.
    private static func appendEscaped(_ text: String, to line: inout [UInt8]) {
        guard text.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F }) else {
            line.append(contentsOf: text.utf8)
            return
        }
        for unit in text.utf8 {
            switch unit {
            case 0x0A: line.append(contentsOf: "\\n".utf8)
            case 0x0D: line.append(contentsOf: "\\r".utf8)
            case 0x09: line.append(contentsOf: "\\t".utf8)
            case 0..<0x20, 0x7F:
                let digits = Array("0123456789abcdef".utf8)
                line.append(contentsOf: "\\u00".utf8)
                line.append(digits[Int(unit >> 4)])
                line.append(digits[Int(unit & 15)])
            default: line.append(unit)
            }
        }
    }
}
