/// One request on its way, over as many sendings as it takes: redirects, a pooled connection that had ended, Amazon's
/// roots that did not suffice.
///
/// What libcurl calls back, `TransferDriver` answers through this object. One thread may use it.
final class Transfer {
    enum Phase {
        /// For a connection to become free.
        case waiting
        /// On the multi handle: from the look-up of the name on.
        case connecting
        /// The request is being sent, or the response awaited or received.
        case sending
        case finished(Result<HTTPResponse, HTTPFailure>)
    }

    /// What was asked for. Its body is read from where it lies, and kept here until the transfer has ended.
    let request: HTTPRequest
    let timeouts: HTTPTimeouts
    /// When it must have ended, by `Clock.monotonic`.
    let end: Int64
    /// Whether `end` is the transport's deadline and not the request's own time-out.
    let endsAtDeadline: Bool
    var phase = Phase.waiting

    /// Where it goes now: a redirect leads elsewhere.
    var url: String
    var origin: HTTPOrigin
    var fields: [HTTPField]
    var redirects = 0
    /// The easy handle it has, while on the multi handle.
    var easy: CurlEasy?
    /// Its place in the driver's list of running transfers.
    var position = 0
    /// What its server is believed by, and whether the other file has been tried.
    var trust = HTTPTrust.bundle
    var hasTriedOtherTrust = false
    /// What libcurl reads the fields from.
    var fieldList: CurlFieldList?
    /// When its present connecting began, and when the last byte moved, by `Clock.monotonic`.
    var launched: Int64 = 0
    var lastMoved: Int64 = 0
    var movedBytes: Int64 = 0

    /// Whether libcurl made a connection since the request was sent last.
    var hasFreshConnection = false
    /// Whether the next sending must not use a pooled connection.
    var needsFreshConnection = false
    /// Sendings since it was put on the multi handle.
    var sendings = 0
    /// Sendings again, at most one.
    var resends = 0
    /// Whether an earlier sending may have made the server act.
    var mayHaveActedBefore = false
    /// Why a callback of ours broke the transfer off.
    var refusal: Refusal?

    /// Bytes of the body that libcurl was given, and the most it was given in this sending.
    var bodyOffset = 0
    var bodyGiven = 0

    var response = ResponseBuilder()
    /// Called with the transfer at the moment its sending begins.
    unowned let driver: TransferDriver

    enum Refusal {
        /// The pooled connection ended, and sending again is not allowed.
        case notResent
        /// The pooled connection ended, and libcurl took another pooled one to send again.
        case needsFreshConnection
        case tooLarge
        case malformed(String)
    }

    init(
        _ request: HTTPRequest, origin: HTTPOrigin, timeouts: HTTPTimeouts, end: Int64, endsAtDeadline: Bool,
        driver: TransferDriver
    ) {
        self.request = request
        self.timeouts = timeouts
        self.end = end
        self.endsAtDeadline = endsAtDeadline
        self.driver = driver
        self.origin = origin
        url = request.url
        fields = request.fields
    }

    /// How it ended; nil while it has not.
    var result: Result<HTTPResponse, HTTPFailure>? {
        if case .finished(let result) = phase { result } else { nil }
    }

    /// Whether a body goes along, be it an empty one.
    var isUpload: Bool { !request.body.isEmpty || request.method == .put || request.method == .post }

    /// Whether the server may have acted. A server that did not get the whole request cannot know that it is one: a body
    /// shorter than its length is no request.
    var mayHaveActed: Bool { mayHaveActedBefore || wasSentWhole || response.hasBegun }

    /// Whether libcurl was given everything in the present sending.
    private var wasSentWhole: Bool { sendings > 0 && bodyGiven == request.body.count }

    /// Forgets what belongs to the sending before, and begins to connect.
    func launch(on easy: CurlEasy) {
        self.easy = easy
        phase = .connecting
        launched = Clock.monotonic
        movedBytes = 0
        hasFreshConnection = false
        sendings = 0
        refusal = nil
        bodyOffset = 0
        bodyGiven = 0
        response = ResponseBuilder()
    }

    /// The request's head is about to be written to a connection that stands.
    /// - Returns: false to break off.
    func beginSending() -> Bool {
        defer {
            bodyOffset = 0
            bodyGiven = 0
            hasFreshConnection = false
        }
        if sendings > 0 {
            // libcurl sends again by itself: a pooled connection ended before any byte of the response.
            mayHaveActedBefore = mayHaveActed
            guard resends == 0, request.isIdempotent || !mayHaveActedBefore else {
                refusal = .notResent
                return false
            }
            guard hasFreshConnection else {
                refusal = .needsFreshConnection
                return false
            }
            countResend()
        }
        sendings += 1
        phase = .sending
        lastMoved = Clock.monotonic
        driver.countSending(isFresh: hasFreshConnection, isSecure: origin.isSecure)
        return true
    }

    func countResend() {
        resends += 1
        driver.statistics.resends += 1
    }

    /// Copies the next part of the body into libcurl's buffer, from where TLS takes it.
    func sendBody(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        lastMoved = Clock.monotonic
        let count = min(buffer.count, request.body.count - bodyOffset)
        request.body.withUnsafeBytes { body in
            buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: body[bodyOffset..<bodyOffset + count]))
        }
        bodyOffset += count
        bodyGiven = max(bodyGiven, bodyOffset)
        return count
    }

    func seekBody(to offset: Int) -> Bool {
        guard offset >= 0, offset <= request.body.count else { return false }
        bodyOffset = offset
        return true
    }

    /// Takes a line of the response's head, or of its trailers.
    func receiveHead(_ line: UnsafeRawBufferPointer) -> Bool {
        lastMoved = Clock.monotonic
        return accept(response.receiveHead(line, isHead: request.method == .head, limit: request.maximumResponseBytes))
    }

    func receiveBody(_ bytes: UnsafeRawBufferPointer) -> Bool {
        lastMoved = Clock.monotonic
        return accept(response.receiveBody(bytes, limit: request.maximumResponseBytes))
    }

    /// The response, once and for all.
    func takeResponse() -> HTTPResponse {
        let whole = response
        response = ResponseBuilder()
        return whole.build(wasResent: mayHaveActedBefore)
    }

    private func accept(_ refusal: Refusal?) -> Bool {
        self.refusal = refusal
        return refusal == nil
    }
}
