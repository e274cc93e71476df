public import HTTPTransport

/// Puts requests on the wire all at once; what it returns waits for their replies, in order.
package typealias RequestSending = ([HTTPRequest]) -> () -> [Result<HTTPResponse, HTTPFailure>]

/// Signs calls, sends them, and sends again what failed for a reason that passes: the one place of retries, for AWS's
/// services and others that speak as they do. One thread at a time may use it.
public final class ServiceClient {
    /// Region, endpoints, attempts.
    public let configuration: AWSConfiguration
    let credentials: any CredentialsProvider
    var surroundings: ServiceSurroundings
    private let send: RequestSending
    private let deadline: RequestDeadline
    private var budget = RetryBudget()
    /// How far each endpoint's clock is ahead of ours, in milliseconds, as its refusals told.
    private var clockOffsets: [String: Int64] = [:]

    /// A client whose requests go where a test wants them.
    package init(
        _ configuration: AWSConfiguration, credentials: any CredentialsProvider, deadline: RequestDeadline,
        surroundings: ServiceSurroundings, send: @escaping RequestSending
    ) {
        self.configuration = configuration
        self.credentials = credentials
        self.deadline = deadline
        self.surroundings = surroundings
        self.send = send
    }

    /// Sends calls, all at once, each retried by itself, and returns what came of them, in order.
    public func send(_ requests: [ServiceRequest]) -> [Result<HTTPResponse, ServiceError>] { finish(start(requests)) }

    /// Sends one call.
    public func send(_ request: ServiceRequest) throws(ServiceError) -> HTTPResponse { try send([request])[0].get() }

    /// Puts calls on the wire and returns: ``finish(_:)`` waits for them.
    public func start(_ requests: [ServiceRequest]) -> ServiceExchange {
        let exchange = ServiceExchange(
            requests.map {
                ServiceExchange.Call(
                    request: $0,
                    attempts: CallAttempts(isIdempotent: $0.isIdempotent, maximum: configuration.maximumAttempts))
            })
        start(Array(exchange.calls.indices), of: exchange)
        return exchange
    }

    /// Waits for calls, sends again what failed for a reason that passes, and returns what came of each, in order. A
    /// status of 300 or more is an error.
    public func finish(_ exchange: ServiceExchange) -> [Result<HTTPResponse, ServiceError>] {
        while let (calls, replies) = exchange.onWire {
            exchange.onWire = nil
            for (call, reply) in zip(calls, replies()) { take(reply, for: &exchange.calls[call]) }
            startDue(of: exchange)
        }
        return exchange.calls.map { call in
            // Every call that is not on the wire and not due has ended.
            call.result ?? .failure(call.fault ?? Self.lost(call.request))
        }
    }

    /// Waits before something that a reply of success turned away is sent again, as after a failed call.
    /// - Returns: false, without waiting, if there is no time or no budget for it.
    package func pause(beforeRetry retry: Int, _ backoff: Backoff) -> Bool {
        let wait = backoff.wait(beforeRetry: retry, random: surroundings.random.next())
        if let deadline = deadline.milliseconds,
            wait > deadline - surroundings.nowMs() - CallAttempts.leastTimeMs
        {
            return false
        }
        guard budget.take(RetryBudget.cost) else { return false }
        surroundings.sleep(wait)
        return true
    }

    // MARK: - One round

    /// Signs calls and puts them on the wire; one that cannot be signed ends here.
    private func start(_ indices: [Int], of exchange: ServiceExchange) {
        var started: [Int] = []
        var requests: [HTTPRequest] = []
        for index in indices {
            do throws(ServiceError) {
                requests.append(try sign(&exchange.calls[index]))
                exchange.calls[index].attempts.willSend()
                started.append(index)
            } catch {
                exchange.calls[index].result = .failure(exchange.calls[index].attempts.error(error))
            }
        }
        exchange.onWire = started.isEmpty ? nil : (started, send(requests))
    }

    /// Waits until the first of the calls that are to be sent again is due, and sends all that are by then.
    private func startDue(of exchange: ServiceExchange) {
        while let first = exchange.calls.compactMap(\.dueMs).min() {
            surroundings.sleep(max(0, first - surroundings.nowMs()))
            let now = max(first, surroundings.nowMs())
            let due = exchange.calls.indices.filter { exchange.calls[$0].dueMs.map { $0 <= now } ?? false }
            for index in due { exchange.calls[index].dueMs = nil }
            start(due, of: exchange)
            // None is on the wire if none could be signed; others may be due later.
            if exchange.onWire != nil { return }
        }
    }

    /// Decides what one reply means.
    private func take(_ reply: Result<HTTPResponse, HTTPFailure>, for call: inout ServiceExchange.Call) {
        let fault: CallFault
        switch reply {
        case .success(let response) where response.status < 300:
            call.attempts.succeeded(&budget)
            call.result = .success(response)
            return
        case .success(let response):
            let clock = CallClock(
                nowMs: surroundings.nowMs(), offsetMs: clockOffsets[authority(of: call.request)] ?? 0)
            fault = CallFault(
                response, to: call.request, clock: clock, signedFor: call.request.region ?? configuration.region,
                hiding: secrets(of: call))
        case .failure(let failure):
            fault = CallFault(failure, to: call.request)
        }
        let now = surroundings.nowMs()
        let moment = CallAttempts.Moment(
            nowMs: now, deadlineMs: deadline.milliseconds, random: surroundings.random.next())
        switch call.attempts.failed(fault, at: moment, &budget) {
        case .giveUp:
            call.result = .failure(call.attempts.error(fault.error))
        case .sendAgain(let wait, let remedy):
            if remedy == .newCredentials, let used = call.credentials { credentials.discard(used) }
            if case .clock(let offset) = remedy { clockOffsets[authority(of: call.request)] = offset }
            call.fault = fault.error
            call.dueMs = now + wait
        }
    }

    /// The error of a call whose reply the transport did not hand over.
    private static func lost(_ request: ServiceRequest) -> ServiceError {
        ServiceError(
            .malformedReply, service: request.service.id, operation: request.operation, code: "NoReply",
            message: "the transport gave no reply", mayHaveActed: true)
    }

    // MARK: - Signing

    private func sign(_ call: inout ServiceExchange.Call) throws(ServiceError) -> HTTPRequest {
        let request = call.request
        let endpoint = try endpoint(of: request)
        let path = endpoint.basePath + request.path
        var fields = request.fields
        switch request.authorization {
        case .none: break
        case .bearer(let token): fields.append(HTTPField("authorization", "Bearer \(token)"))
        case .field(let field): fields.append(field)
        case .signed(let name):
            let used = try credentials(for: request)
            if let before = call.credentials, before == used, let fault = call.fault, fault.kind == .credentials,
                FaultCodes.expired.contains(fault.code)
            {
                // There are no others: the answer would be the same.
                throw fault
            }
            call.credentials = used
            let signature = SignatureV4(
                used, region: try region(for: request), service: name ?? request.service.signingName,
                dateMs: surroundings.nowMs() + (clockOffsets[endpoint.authority] ?? 0))
            fields = signature.fields(
                of: SignableRequest(
                    request.method, host: endpoint.authority, path: path, query: request.query, fields: fields),
                payloadHash: payloadHash(of: request))
        }
        let query = request.query.isEmpty ? "" : "?" + PercentEncoding.encode(request.query)
        return HTTPRequest(
            request.method, endpoint.origin + path + query, fields: fields, body: request.body,
            maximumResponseBytes: request.maximumResponseBytes, isIdempotent: request.isIdempotent)
    }

    private func payloadHash(of request: ServiceRequest) -> String {
        switch request.payloadSignature {
        case .hash: SHA256.hex(request.body)
        case .known(let hash): hash
        case .unsigned: SignatureV4.unsignedPayload
        }
    }

    private func endpoint(of request: ServiceRequest) throws(ServiceError) -> ServiceEndpoint {
        let text: String
        if let given = request.endpoint {
            text = given
        } else {
            text = try configuration.endpoint(
                of: request.service, inRegion: request.region ?? configuration.region, operation: request.operation)
        }
        guard let endpoint = ServiceEndpoint(text) else {
            throw ServiceError(
                .configuration, service: request.service.id, operation: request.operation, code: "InvalidEndpoint",
                message: "the endpoint is no URL such as https://host:port", mayHaveActed: false)
        }
        return endpoint
    }

    private func region(for request: ServiceRequest) throws(ServiceError) -> String {
        guard let region = request.region ?? configuration.region else {
            throw AWSConfiguration.missingRegion(request.service, request.operation)
        }
        return region
    }

    /// The credentials of now; an error names the call that needs them.
    private func credentials(for request: ServiceRequest) throws(ServiceError) -> Credentials {
        do throws(ServiceError) {
            return try credentials.credentials()
        } catch {
            throw ServiceError(
                error.kind, service: request.service.id, operation: request.operation, code: error.code,
                message: error.message, advice: error.advice, status: error.status, requestID: error.requestID,
                mayHaveActed: false)
        }
    }

    private func authority(of request: ServiceRequest) -> String {
        (try? endpoint(of: request))?.authority ?? ""
    }

    /// What must not show in an error of the call.
    private func secrets(of call: ServiceExchange.Call) -> [String] {
        var secrets: [String] = []
        switch call.request.authorization {
        case .bearer(let token): secrets.append(token)
        // A server that quotes it may leave out the scheme's name before the secret (RFC 9110 §11.4).
        case .field(let field):
            secrets += [field.value] + field.value.split(separator: " ").dropFirst().map(String.init)
        case .signed, .none: break
        }
        if let used = call.credentials {
            secrets.append(used.secretAccessKey)
            if let token = used.sessionToken { secrets.append(token) }
        }
        return secrets
    }
}
