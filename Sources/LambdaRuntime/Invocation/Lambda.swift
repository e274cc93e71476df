@preconcurrency internal import Glibc

/// Where a function's `main.swift` begins.
///
///     Lambda.run { initialisation in
///         try IngestHandler(environment: initialisation.environment)
///     }
public enum Lambda {
    /// Initialises a function and serves it until Lambda ends the process.
    ///
    /// An error of `initialise` is reported to Lambda, and the process exits with code 1. So it does, with a message on
    /// standard error, if `AWS_LAMBDA_RUNTIME_API` does not say where the Runtime API is.
    /// - Parameter metricsNamespace: the CloudWatch namespace of ``Context/metrics``.
    public static func run<Handler: LambdaHandler>(
        metricsNamespace: String = "Swiftlake", initialise: (InitContext) throws -> Handler
    ) -> Never {
        // A reader of our output that goes away must not end the function.
        signal(SIGPIPE, SIG_IGN)
        let environment = readEnvironment()
        guard let text = environment["AWS_LAMBDA_RUNTIME_API"] else {
            stop(
                "AWS_LAMBDA_RUNTIME_API is not set: this program is a Lambda function, "
                    + "and Lambda or `swiftlake invoke` starts it")
        }
        guard let endpoint = RuntimeEndpoint(text) else {
            stop("AWS_LAMBDA_RUNTIME_API is not an address and a port, such as 127.0.0.1:9001")
        }
        let loop = InvocationLoop(
            client: RuntimeClient(to: endpoint),
            surroundings: InvocationLoop.Surroundings(
                environment: environment, metricsNamespace: metricsNamespace,
                setTraceID: { setTraceID($0) }, pause: { usleep(UInt32($0) * 1000) }))
        exit(loop.run(initialise))
    }

    /// Serves a closure that needs no initialisation.
    public static func run<Event: LambdaEvent>(
        metricsNamespace: String = "Swiftlake", handler: @escaping (Event, Context) throws -> LambdaResponse
    ) -> Never {
        run(metricsNamespace: metricsNamespace, initialise: { _ in ClosureHandler(handler) })
    }

    private static func stop(_ message: String) -> Never {
        fputs(message + "\n", stderr)
        exit(1)
    }

    /// AWS's SDKs and X-Ray's look for the trace header there.
    private static func setTraceID(_ traceID: String?) {
        if let traceID { setenv("_X_AMZN_TRACE_ID", traceID, 1) } else { unsetenv("_X_AMZN_TRACE_ID") }
    }

    private static func readEnvironment() -> [String: String] {
        var count = 0
        while environ[count] != nil { count += 1 }
        var environment = [String: String](minimumCapacity: count)
        for index in 0..<count {
            guard let text = environ[index], let equals = strchr(text, Int32(UInt8(ascii: "="))) else { continue }
            let name = UnsafeRawBufferPointer(start: text, count: equals - text)
            environment[String(decoding: name, as: UTF8.self)] = String(cString: equals + 1)
        }
        return environment
    }
}
