import JSON
import Logging
import Synchronization
import Testing

@testable import LambdaRuntime

struct LambdaLogHandlerTests {
    private final class Lines: Sendable {
        let all = Mutex<[[UInt8]]>([])
        var writer: LineWriter { LineWriter { line in self.all.withLock { $0.append(line) } } }
        var texts: [String] { all.withLock { $0.map { String(decoding: $0, as: UTF8.self) } } }
    }

    private func lines(
        requestID: String? = "id-1", _ configuration: LogConfiguration = .init(level: .trace),
        _ body: (inout Logger) -> Void
    ) -> [String] {
        let lines = Lines()
        var logger = Logger(
            label: "function",
            factory: { label in
                LambdaLogHandler(
                    label: label, requestID: requestID, configuration: configuration,
                    clock: WallClock { 1_700_000_000_123 }, writer: lines.writer)
            })
        body(&logger)
        return lines.texts
    }

    @Test func aLineIsOneJSONObject() {
        let lines = lines { $0.warning("careful", metadata: ["rows": .stringConvertible(3), "a": ["x", ["b": "c"]]]) }
        #expect(
            lines == [
                #"{"timestamp":"2023-11-14T22:13:20.123Z","level":"WARN","requestId":"id-1","logger":"function","#
                    + #""message":"careful","fields":{"a":["x",{"b":"c"}],"rows":3}}"# + "\n"
            ])
    }

    @Test func outsideAnInvocationThereIsNoRequestID() {
        #expect(lines(requestID: nil) { $0.info("ready") }[0].contains("requestId") == false)
    }

    @Test func everyControlCharacterIsEscaped() throws {
        let message = String(decoding: (0..<0x80).map { UInt8($0) }, as: UTF8.self) + "\u{2028}é😀"
        for format in [LogConfiguration.Format.json, .text] {
            let line = lines(.init(format: format)) { $0.info("\(message)", metadata: ["\(message)": "\(message)"]) }[0]
            #expect(line.utf8.filter { $0 < 0x20 } == [0x0A] && line.hasSuffix("\n"))
            guard format == .json else { continue }
            let value = try JSONValue(parsing: Array(line.utf8))
            #expect(value["message"]?.string == message)
            #expect(value["fields"]?[message]?.string == message)
        }
    }

    @Test func numbersAndTruthStayWhatTheyAre() throws {
        let line = lines {
            $0.info(
                "m",
                metadata: [
                    "i": .stringConvertible(Int64.min), "d": .stringConvertible(1.5),
                    "f": .stringConvertible(Float(2.5)),
                    "t": .stringConvertible(true), "n": .stringConvertible(Double.nan),
                    "u": .stringConvertible(UInt8(7)),
                ])
        }[0]
        #expect(
            line.contains(#""fields":{"d":1.5,"f":2.5,"i":-9223372036854775808,"n":"nan","t":true,"u":7}"#))
    }

    @Test func theLoggersOwnFieldsAreMerged() {
        let line = lines { logger in
            logger[metadataKey: "table"] = "own"
            logger[metadataKey: "shard"] = "s"
            logger.info("m", metadata: ["table": "call"])
        }[0]
        #expect(line.contains(#""fields":{"shard":"s","table":"call"}"#))
    }

    @Test func textLinesHaveNoBraces() {
        let line = lines(.init(format: .text)) { $0.error("it\nbroke", metadata: ["b": "2", "a": "1"]) }[0]
        #expect(line == "2023-11-14T22:13:20.123Z id-1 ERROR it\\nbroke a=1 b=2\n")
    }

    static let levels: [(name: String?, level: Logger.Level, written: Int)] = [
        (nil, .info, 5), ("TRACE", .trace, 7), ("DEBUG", .debug, 6), ("info", .info, 5), ("WARN", .warning, 3),
        ("ERROR", .error, 2), ("FATAL", .critical, 1), ("LOUD", .info, 5),
    ]

    @Test(arguments: levels)
    func theEnvironmentSaysWhatIsWritten(name: String?, level: Logger.Level, written: Int) {
        let configuration = LogConfiguration(environment: name.map { ["AWS_LAMBDA_LOG_LEVEL": $0] } ?? [:])
        #expect(configuration == LogConfiguration(format: .json, level: level))
        let lines = lines(configuration) { logger in
            for level in Logger.Level.allCases { logger.log(level: level, "m") }
        }
        #expect(lines.count == written)
    }

    @Test(arguments: [("JSON", LogConfiguration.Format.json), ("Text", .text), ("text", .text), ("XML", .json)])
    func theEnvironmentSaysTheFormat(name: String, format: LogConfiguration.Format) {
        #expect(LogConfiguration(environment: ["AWS_LAMBDA_LOG_FORMAT": name]).format == format)
    }

    @Test func levelsAreSpelledAsLambdaDoes() {
        let names = lines { logger in for level in Logger.Level.allCases { logger.log(level: level, "m") } }
            .map { $0.split(separator: "\"")[7] }
        #expect(names == ["TRACE", "DEBUG", "INFO", "INFO", "WARN", "ERROR", "FATAL"])
    }

    @Test(arguments: [
        (Int64(0), "1970-01-01T00:00:00.000Z"), (-1, "1969-12-31T23:59:59.999Z"),
        (951_782_400_000, "2000-02-29T00:00:00.000Z"), (1_709_251_199_999, "2024-02-29T23:59:59.999Z"),
        (4_107_542_400_000, "2100-03-01T00:00:00.000Z"), (253_402_300_799_999, "9999-12-31T23:59:59.999Z"),
    ])
    func timesAreWrittenInUTC(milliseconds: Int64, text: String) { #expect(Timestamp.text(milliseconds) == text) }
}
