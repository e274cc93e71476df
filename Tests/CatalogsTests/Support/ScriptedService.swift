import AWS
import HTTPTransport
import JSON
import TestSupport

/// A service that answers calls with the replies of a script, in order, and keeps what it was asked.
final class ScriptedService {
    /// What comes of one request.
    enum Reply {
        case response(Int, String)
        /// No response, though the service may have acted.
        case lost
        /// No response, and certainly nothing done.
        case refused

        /// AWS's JSON protocols' error.
        static func glueError(_ code: String, status: Int = 400) -> Reply {
            .response(status, #"{"__type":"\#(code)","Message":"said so"}"#)
        }

        /// The Iceberg REST catalog's error.
        static func icebergError(_ status: Int, _ type: String, _ message: String = "said so") -> Reply {
            .response(status, #"{"error":{"message":"\#(message)","type":"\#(type)","code":\#(status)}}"#)
        }
    }

    private(set) var requests: [HTTPRequest] = []
    /// How many requests had been put on the wire when each was waited for.
    private(set) var waits: [Int] = []
    private var script: [Reply]
    /// Milliseconds since the epoch.
    var nowMs: Int64 = 1_700_000_000_000
    let attempts: Int

    init(_ script: [Reply], attempts: Int = 1) {
        self.script = script
        self.attempts = attempts
    }

    /// A client of this service, with static credentials in eu-west-1.
    func client() throws -> ServiceClient {
        let environment = ["AWS_REGION": "eu-west-1", "AWS_MAX_ATTEMPTS": "\(attempts)"]
        let credentials = Credentials(accessKeyID: "AKID", secretAccessKey: "a secret key")
        return ServiceClient(
            try AWSConfiguration(environment: environment), credentials: StaticCredentials(credentials),
            deadline: RequestDeadline(),
            surroundings: ServiceSurroundings(
                nowMs: { self.nowMs }, random: ZeroGenerator(), sleep: { self.nowMs += $0 }),
            send: start)
    }

    private func start(_ requests: [HTTPRequest]) -> () -> [Result<HTTPResponse, HTTPFailure>] {
        self.requests += requests
        let results = requests.map { _ in answer() }
        return {
            self.waits.append(self.requests.count)
            return results
        }
    }

    private func answer() -> Result<HTTPResponse, HTTPFailure> {
        guard !script.isEmpty else { return .success(HTTPResponse(status: 418)) }
        switch script.removeFirst() {
        case .response(let status, let body): return .success(HTTPResponse(status: status, body: Array(body.utf8)))
        case .lost: return .failure(HTTPFailure(.connectionLost, "gone", mayHaveActed: true))
        case .refused: return .failure(HTTPFailure(.cannotConnect, "refused", mayHaveActed: false))
        }
    }

    /// Replies that nobody asked for.
    var unused: Int { script.count }

    /// What was asked, as `METHOD path?query`, or as Glue's operations.
    var calls: [String] {
        requests.map { request in
            if let target = request.fields.first(where: { $0.name.lowercased() == "x-amz-target" }) {
                return String(target.value.split(separator: ".").last ?? "")
            }
            let parts = request.url.split(separator: "/", maxSplits: 2, omittingEmptySubsequences: false)
            let path = parts[2].split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false).last ?? ""
            return "\(request.method.rawValue) /\(path)"
        }
    }

    /// The body of a request, as JSON.
    func body(_ index: Int) throws -> JSONValue { try JSONValue(parsing: requests[index].body) }

    /// A field of a request.
    func field(_ name: String, of index: Int) -> String? {
        requests[index].fields.first { $0.name.lowercased() == name }?.value
    }
}
