/// A function that does what its event says, for checks of the runtime: `{"do":"echo"}`, `fail`, `crash`, `hang`,
/// `kinesis` or `count`. With `ECHO_FAIL_INIT` set it cannot initialise.
internal import Glibc
import JSON
import LambdaRuntime

struct EchoError: LambdaErrorType, CustomStringConvertible {
    let errorType: String
    let description: String
}

struct EchoHandler: LambdaHandler {
    private var invocations = 0

    init(_ initialisation: InitContext) throws {
        if let reason = initialisation.environment["ECHO_FAIL_INIT"] {
            throw EchoError(errorType: "Echo.NotInitialised", description: reason)
        }
        initialisation.log.info("ready")
    }

    mutating func handle(_ event: RawEvent, _ context: Context) throws -> LambdaResponse {
        invocations += 1
        let value = try JSONEvent(EventBuffer(event.bytes.copy)).value
        context.log.info("invoked", metadata: ["bytes": .stringConvertible(event.bytes.count)])
        context.metrics.put("Bytes", event.bytes.count, unit: .bytes, dimensions: ["Function": "echo"])
        switch value["do"]?.string {
        case "fail": throw EchoError(errorType: "Echo.Asked", description: "asked to fail")
        case "crash": return LambdaResponse([[UInt8]()[invocations]])
        case "hang": while true { pause() }
        case "kinesis":
            let records = try KinesisEvent(EventBuffer(event.bytes.copy)).records
            return LambdaResponse(.object([("records", .integer(records.count))]))
        default: break
        }
        return LambdaResponse(
            .object([
                ("bytes", .integer(event.bytes.count)), ("invocations", .integer(invocations)),
                ("requestId", .string(context.requestID)), ("hasTime", .bool(context.remainingMilliseconds > 0)),
                ("arn", .string(context.invokedFunctionARN)),
                ("trace", context.traceID.map { .string($0) } ?? .null),
                ("traceInEnvironment", getenv("_X_AMZN_TRACE_ID").map { .string(String(cString: $0)) } ?? .null),
            ]))
    }
}

Lambda.run { try EchoHandler($0) }
