import AWS
import HTTPTransport
import TestSupport

/// A wire that answers with prepared replies in turn, the last for ever, beside a clock that only waiting moves.
final class ScriptedWire {
    /// The requests that came, and in which round.
    private(set) var requests: [HTTPRequest] = []
    /// How many requests each round held.
    private(set) var rounds: [Int] = []
    /// The waits, in milliseconds.
    private(set) var waits: [Int64] = []
    /// The time, in milliseconds since the epoch.
    var nowMs: Int64 = 1_790_000_000_000
    /// How long an answer takes, in milliseconds.
    var roundTripMs: Int64 = 0
    private var replies: [Result<HTTPResponse, HTTPFailure>]
    private let answer: ((HTTPRequest) -> Result<HTTPResponse, HTTPFailure>)?

    init(_ replies: [Result<HTTPResponse, HTTPFailure>]) {
        self.replies = replies
        answer = nil
    }

    init(answer: @escaping (HTTPRequest) -> Result<HTTPResponse, HTTPFailure>) {
        replies = []
        self.answer = answer
    }

    /// A client over this wire.
    func client(
        _ environment: [String: String] = [:], credentials: (any CredentialsProvider)? = nil, deadlineMs: Int64? = nil
    ) throws -> ServiceClient {
        let defaults = ["AWS_REGION": "eu-west-1"]
        return ServiceClient(
            try AWSConfiguration(environment: defaults.merging(environment) { $1 }),
            credentials: credentials
                ?? StaticCredentials(Credentials(accessKeyID: "AKID", secretAccessKey: "hidden", sessionToken: "token")),
            deadline: RequestDeadline(milliseconds: deadlineMs), surroundings: surroundings, send: send)
    }

    /// The clock and its waits; jitter is always none.
    var surroundings: ServiceSurroundings {
        ServiceSurroundings(
            nowMs: { self.nowMs }, random: ZeroGenerator(),
            sleep: { milliseconds in
                self.waits.append(milliseconds)
                self.nowMs += milliseconds
            })
    }

    private func send(_ requests: [HTTPRequest]) -> () -> [Result<HTTPResponse, HTTPFailure>] {
        self.requests += requests
        rounds.append(requests.count)
        return {
            self.nowMs += self.roundTripMs
            return requests.map { self.answer?($0) ?? self.next() }
        }
    }

    private func next() -> Result<HTTPResponse, HTTPFailure> {
        replies.count > 1 ? replies.removeFirst() : replies[0]
    }
}

/// A reply with a body in UTF-8.
func reply(
    _ status: Int = 200, _ body: String = "{}", _ fields: [String: String] = [:], wasResent: Bool = false
) -> HTTPResponse {
    HTTPResponse(
        status: status, fields: fields.map { HTTPField($0.key, $0.value) }, body: Array(body.utf8),
        wasResent: wasResent)
}

extension ServiceRequest {
    /// A call of no particular meaning.
    static func call(isIdempotent: Bool = true, _ operation: String = "Operation") -> ServiceRequest {
        ServiceRequest(.glue, operation, .post, isIdempotent: isIdempotent, errorFormat: .json)
    }
}

extension Result {
    /// The failure, if it is one.
    var failure: Failure? { if case .failure(let failure) = self { failure } else { nil } }
}
