internal import JSON
internal import LambdaRuntime

extension HTTPReply {
    /// That the function runs.
    static var health: HTTPReply { json(200) { $0.member("status", "ok") } }

    /// Why a request was refused.
    init(_ refusal: GatewayRefusal) {
        self = Self.json(refusal.status, refusal.fields) { writer in
            writer.member("error", refusal.code)
            writer.member("message", refusal.message)
        }
    }

    /// What became of a request's readings.
    init(_ outcome: GatewayOutcome) {
        let fields = outcome.status == 503 ? GatewayRefusal.unavailable.fields : [:]
        self = Self.json(outcome.status, fields) { writer in
            if let (code, message) = outcome.failure {
                writer.member("error", code)
                writer.member("message", message)
            }
            writer.member("accepted", outcome.accepted)
            if outcome.failed > 0 { writer.member("failed", outcome.failed) }
            writer.member("rejected") { writer in
                writer.array { writer in
                    for reading in outcome.rejected {
                        writer.object { writer in
                            writer.member("index", reading.index)
                            writer.member("reason", reading.reason)
                            if let field = reading.field { writer.member("field", field) }
                        }
                    }
                }
            }
        }
    }

    private static func json(
        _ status: Int, _ fields: [String: String] = [:], _ members: (inout JSONWriter) -> Void
    ) -> HTTPReply {
        var writer = JSONWriter()
        writer.object(members)
        let own = ["content-type": "application/json", "cache-control": "no-store"]
        return HTTPReply(statusCode: status, headers: own.merging(fields) { $1 }, body: writer.bytes)
    }
}
