internal import HTTPTransport

/// Why one attempt of a call did not succeed: read and decided once, here.
struct CallFault: Sendable {
    /// What, if anything, makes another attempt worth while.
    enum Remedy: Equatable, Sendable {
        /// Nothing: the next answer would be the same.
        case none
        /// A short wait.
        case wait
        /// A longer wait, as the service asks for less.
        case slowDown
        /// Other credentials.
        case newCredentials
        /// The service's time of day, so many milliseconds ahead of ours.
        case clock(offsetMs: Int64)
    }

    /// The error as this attempt alone would report it.
    let error: ServiceError
    /// What makes another attempt worth while.
    let remedy: Remedy
    /// How long the service asks to be left alone, in milliseconds.
    let retryAfterMs: Int64?
    /// Whether no answer came in time.
    let isTimeOut: Bool

    /// Clocks that differ by less, in milliseconds, are not why a service refuses: it allows 5 minutes and more.
    static let toleratedClockOffsetMs: Int64 = 240_000

    /// What a reply means whose status is none of success.
    /// - Parameters:
    ///   - region: what the request was signed for.
    ///   - secrets: texts that must not show in the message.
    init(
        _ response: HTTPResponse, to request: ServiceRequest, clock: CallClock, signedFor region: String? = nil,
        hiding secrets: [String] = []
    ) {
        let reply = ErrorReply(response, format: request.errorFormat, hiding: secrets)
        let status = response.status
        let isThrottling = status == 429 || FaultCodes.throttling.contains(reply.code)
        let isUnknown =
            (status >= 500 && status != 501 && status != 505) || FaultCodes.unknownOutcome.contains(reply.code)
        let notReceived = status == 408 || FaultCodes.notReceived.contains(reply.code)
        let isElsewhere = Self.isElsewhere(response, reply, region)
        let kind = isThrottling ? .throttled : isElsewhere ? .configuration : Self.kind(reply.code, status: status)
        retryAfterMs = RetryAfter.milliseconds(response, nowMs: clock.nowMs)
        isTimeOut = false
        if isThrottling {
            remedy = .slowDown
        } else if isUnknown || notReceived {
            remedy = .wait
        } else if request.isSigned, FaultCodes.expired.contains(reply.code) {
            remedy = .newCredentials
        } else if request.isSigned, kind == .credentials, FaultCodes.clock.contains(reply.code),
            let date = response["date"].flatMap(HTTPDate.milliseconds),
            abs(date - clock.nowMs - clock.offsetMs) > Self.toleratedClockOffsetMs
        {
            remedy = .clock(offsetMs: date - clock.nowMs)
        } else {
            remedy = .none
        }
        error = ServiceError(
            notReceived ? .unavailable : kind, service: request.service.id, operation: request.operation,
            code: reply.code, message: reply.message,
            advice: Advice.text(
                kind, reply, request, region: isElsewhere ? Self.region(response, reply) : nil),
            status: status, requestID: reply.requestID,
            // A sending before this one, which the transport repeated, may have acted whatever this reply says.
            mayHaveActed: isUnknown && !isThrottling && !notReceived || response.wasResent, retryAfterMs: retryAfterMs)
    }

    /// What the lack of a reply means.
    init(_ failure: HTTPFailure, to request: ServiceRequest) {
        let kind: ServiceError.Kind
        switch failure.code {
        case .invalidRequest:
            (kind, remedy) = (.configuration, .none)
        case .responseTooLarge:
            (kind, remedy) = (.malformedReply, .none)
        case .malformedResponse:
            (kind, remedy) = (.malformedReply, .wait)
        case .cannotResolve, .cannotConnect, .tls, .timedOut, .connectionLost:
            (kind, remedy) = (.unavailable, .wait)
        }
        retryAfterMs = nil
        isTimeOut = failure.code == .timedOut
        error = ServiceError(
            kind, service: request.service.id, operation: request.operation, code: failure.code.rawValue,
            message: failure.message, advice: Advice.text(failure.code), mayHaveActed: failure.mayHaveActed)
    }

    private static func kind(_ code: String, status: Int) -> ServiceError.Kind {
        if FaultCodes.credentials.contains(code) || FaultCodes.expired.contains(code) { return .credentials }
        if FaultCodes.clock.contains(code) { return .credentials }
        if FaultCodes.accessDenied.contains(code) || FaultCodes.isOfKey(code) { return .accessDenied }
        if FaultCodes.notFound.contains(code) { return .notFound }
        if FaultCodes.precondition.contains(code) { return .preconditionFailed }
        if FaultCodes.conflict.contains(code) { return .conflict }
        if FaultCodes.unknownOutcome.contains(code) { return .unavailable }
        switch status {
        // 419 is what Iceberg REST catalogs answer to a token that has expired.
        case 401, 419: return .credentials
        case 403: return .accessDenied
        case 404: return .notFound
        case 409: return .conflict
        case 412: return .preconditionFailed
        case 500...: return .unavailable
        default: return .invalid
        }
    }

    /// Whether a reply says that what is asked for lies in another region than the one signed for.
    private static func isElsewhere(_ response: HTTPResponse, _ reply: ErrorReply, _ region: String?) -> Bool {
        if (300..<400).contains(response.status) && response.status != 304 { return true }
        if FaultCodes.region.contains(reply.code) || reply.message.holds("scoped to a valid region") { return true }
        // To a HEAD, S3 tells it by nothing but this field.
        return response.status == 400 && (response["x-amz-bucket-region"].map { $0 != region } ?? false)
    }

    /// The region that a reply sends the caller to, if it names one.
    private static func region(_ response: HTTPResponse, _ reply: ErrorReply) -> String? {
        let named =
            response["x-amz-bucket-region"] ?? text(in: reply.message, from: "expecting '", to: "'")
            ?? text(in: reply.message, from: "(its region: ", to: ")")
        return named.flatMap { AWSConfiguration.isRegion($0) ? $0 : nil }
    }

    /// What stands between two marks: "the region 'us-east-1' is wrong; expecting 'eu-west-1'".
    private static func text(in message: String, from start: String, to end: Character) -> String? {
        message.firstOccurrence(of: start).map { String(message[$0.upperBound...].prefix { $0 != end }) }
    }
}

/// The time of day, here and at a service.
struct CallClock: Equatable, Sendable {
    /// Ours, in milliseconds since the epoch.
    var nowMs: Int64
    /// How far the service's is known to be ahead, in milliseconds.
    var offsetMs: Int64 = 0
}
