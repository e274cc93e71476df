/// The calls of Lambda's Runtime API (2018-06-01), and what their answers mean.
struct RuntimeClient {
    /// The outcome of asking for the next invocation.
    enum Next {
        case invocation(Invocation)
        /// Nothing came of it; asking again may help.
        case failed(String)
        /// An invocation came whose event cannot be taken, and Lambda must be told so.
        case unreadable(requestID: String, reason: String)
        /// The API says, by a status from 500 on, that this environment is done for.
        case unrecoverable(Int)
    }

    /// The outcome of telling the API something.
    enum Delivery: Equatable {
        case accepted
        /// A response larger than Lambda takes (413).
        case tooLarge
        /// Any other status below 500: the API did not want it, and will not want it later.
        case refused(Int)
        /// The API says, by a status from 500 on, that this environment is done for.
        case unrecoverable(Int)
        /// No answer came, on a kept connection or a new one.
        case lost(String)
    }

    private let connection: RuntimeConnection
    private let host: String
    private static let version = "/2018-06-01/runtime/"

    init(to endpoint: RuntimeEndpoint, limits: HTTPResponseParser.Limits = .init()) {
        connection = RuntimeConnection(to: endpoint, limits: limits)
        host = endpoint.authority
    }

    // MARK: - Calls

    /// Waits, without limit, for the next invocation, and reads its event into the buffer.
    func next(into buffer: EventBuffer) -> Next {
        do {
            let head = try connection.exchange(request("GET", "invocation/next"), into: buffer)
            switch head.status {
            case 200:
                guard let invocation = Invocation(head) else {
                    return .failed("an invocation without a valid request id")
                }
                return .invocation(invocation)
            case 500...: return .unrecoverable(head.status)
            default: return .failed("the Runtime API answered \(head.status) instead of an invocation")
            }
        } catch {
            if case .tooLarge(let reason, let head?) = error, let invocation = Invocation(head) {
                return .unreadable(requestID: invocation.requestID, reason: reason)
            }
            return .failed(error.reason)
        }
    }

    /// Answers an invocation.
    func respond(to requestID: String, _ response: LambdaResponse) -> Delivery {
        post("invocation/\(requestID)/response", response.bytes)
    }

    /// Says that an invocation failed.
    func report(_ failure: FunctionFailure, of requestID: String) -> Delivery {
        post("invocation/\(requestID)/error", failure.body, failure)
    }

    /// Says that the function could not initialise.
    func reportInitialisation(_ failure: FunctionFailure) -> Delivery {
        post("init/error", failure.body, failure)
    }

    // MARK: - Requests

    /// Posts, and once more if the connection fails: an API that had accepted the first then refuses the second, which
    /// changes nothing.
    private func post(_ path: String, _ body: [UInt8], _ failure: FunctionFailure? = nil) -> Delivery {
        let request = request("POST", path, length: body.count, failure)
        var reason = ""
        for _ in 0..<2 {
            do {
                let head = try connection.exchange(request, body, into: nil)
                switch head.status {
                case 200..<300: return .accepted
                case 413: return .tooLarge
                case 500...: return .unrecoverable(head.status)
                default: return .refused(head.status)
                }
            } catch { reason = error.reason }
        }
        return .lost(reason)
    }

    private func request(
        _ method: String, _ path: String, length: Int? = nil, _ failure: FunctionFailure? = nil
    ) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(256)
        func add(_ part: String) { text.append(contentsOf: part.utf8) }
        add(method)
        add(" ")
        add(Self.version)
        add(path)
        add(" HTTP/1.1\r\nHost: ")
        add(host)
        if let length {
            add("\r\nContent-Type: application/json\r\nContent-Length: ")
            add(String(length))
        }
        if let failure {
            add("\r\nLambda-Runtime-Function-Error-Type: ")
            add(failure.headerType)
        }
        add("\r\n\r\n")
        return text
    }
}
