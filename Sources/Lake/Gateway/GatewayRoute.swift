internal import LambdaRuntime

/// What a request is for.
enum GatewayRoute: Equatable {
    /// Readings are sent.
    case readings
    /// Somebody asks whether the function runs.
    case health

    /// Where readings go to.
    static let readingsPath = "/v1/readings"
    /// Where the function says that it runs.
    static let healthPath = "/v1/health"

    /// The route of a request.
    init(_ event: HTTPEvent) throws(GatewayRefusal) {
        // Behind a domain of one's own the stage is not in the path, and may be called as the path begins.
        let sent = event.rawPath.string
        switch [Self.readingsPath, Self.healthPath].contains(sent) ? sent : event.path {
        case Self.readingsPath:
            guard event.method == "POST" else { throw .wrongMethod(allowed: "POST") }
            self = .readings
        case Self.healthPath:
            guard event.method == "GET" else { throw .wrongMethod(allowed: "GET") }
            self = .health
        default: throw .notFound
        }
    }
}
