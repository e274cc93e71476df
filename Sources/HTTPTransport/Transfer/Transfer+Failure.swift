internal import CCurl

/// What a transfer's end without a response means.
extension Transfer {
    /// The failure behind a code of libcurl's (https://curl.se/libcurl/c/libcurl-errors.html).
    func failure(_ code: CURLcode, _ explanation: String) -> HTTPFailure {
        let name = origin.name
        if case .malformed(let what) = refusal {
            return HTTPFailure(.malformedResponse, "\(name) sent \(what)", mayHaveActed: true)
        }
        if case .tooLarge = refusal {
            return HTTPFailure(
                .responseTooLarge, "\(name) sent a body above the limit of \(request.maximumResponseBytes) bytes",
                mayHaveActed: true)
        }
        guard sendings > 0 else { return connectingFailure(code, explanation) }
        switch code {
        case CURLE_OPERATION_TIMEDOUT:
            return HTTPFailure(.timedOut, "\(name) did not answer in time: \(explanation)", mayHaveActed: mayHaveActed)
        case CURLE_WEIRD_SERVER_REPLY, CURLE_UNSUPPORTED_PROTOCOL, CURLE_BAD_CONTENT_ENCODING,
            CURLE_FILESIZE_EXCEEDED, CURLE_BAD_FUNCTION_ARGUMENT:
            return HTTPFailure(
                .malformedResponse, "\(name) sent what is no HTTP response: \(explanation)", mayHaveActed: true)
        default:
            return lostConnection(explanation)
        }
    }

    /// The failure of a transfer that libcurl does not begin.
    func failure(_ error: CurlError) -> HTTPFailure {
        if error == .noCertificates {
            return HTTPFailure(
                .tls, "no TLS with \(origin.name): \(error.reason); set the path of one", mayHaveActed: mayHaveActed)
        }
        return HTTPFailure(
            .invalidRequest, "nothing sent to \(origin.name): libcurl does not take \(error.call): \(error.reason)",
            mayHaveActed: mayHaveActed)
    }

    /// The connection ended before the response did.
    func lostConnection(_ explanation: String) -> HTTPFailure {
        let what =
            response.hasHead
            ? "within the response's body" : response.hasBegun ? "within the response's head" : "before any response"
        return HTTPFailure(
            .connectionLost, "the connection to \(origin.name) ended \(what): \(explanation)",
            mayHaveActed: mayHaveActed)
    }

    /// The failure of a transfer that did not get as far as sending this time.
    private func connectingFailure(_ code: CURLcode, _ explanation: String) -> HTTPFailure {
        let name = origin.name
        switch code {
        case CURLE_OPERATION_TIMEDOUT:
            return timeout(Clock.monotonic >= end ? .total : .connect)
        case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY:
            return HTTPFailure(
                .cannotResolve,
                "no address for \(name): check the endpoint's name, the region in it, and that names are resolved here",
                mayHaveActed: mayHaveActed)
        case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_CIPHER,
            CURLE_SSL_CERTPROBLEM, CURLE_SSL_INVALIDCERTSTATUS, CURLE_SSL_PINNEDPUBKEYNOTMATCH:
            return HTTPFailure(
                .tls,
                "no TLS with \(name): \(explanation); check the endpoint's name and the bundle of certificates",
                mayHaveActed: mayHaveActed)
        case CURLE_SSL_CONNECT_ERROR where Self.isLostConnection(explanation):
            return HTTPFailure(
                .cannotConnect, "the connection to \(name) ended within the TLS handshake", mayHaveActed: mayHaveActed)
        case CURLE_SSL_CONNECT_ERROR, CURLE_SSL_ENGINE_INITFAILED:
            return HTTPFailure(
                .tls, "no TLS with \(name): \(explanation); check that it speaks TLS 1.2 or later",
                mayHaveActed: mayHaveActed)
        case CURLE_URL_MALFORMAT, CURLE_UNSUPPORTED_PROTOCOL:
            return HTTPFailure(
                .invalidRequest, "libcurl does not take a URL of \(name)", mayHaveActed: mayHaveActed)
        default:
            return HTTPFailure(
                .cannotConnect,
                "no connection to \(name): \(explanation); check that it listens and that this network may reach it",
                mayHaveActed: mayHaveActed)
        }
    }

    /// Whether libcurl's text about a handshake names no fault of TLS, but the end of the connection: the code is the same,
    /// and only the latter is worth trying again.
    private static func isLostConnection(_ explanation: String) -> Bool {
        // libcurl's own words come without OpenSSL's number of a fault; the last is OpenSSL 3's for an end.
        ["OpenSSL SSL_connect:", "Recv failure:", "Send failure:"].contains { explanation.hasPrefix($0) }
            || explanation.hasSuffix("unexpected eof while reading")
    }

    /// The failure of a transfer whose time is over.
    func timeout(_ what: Timeout) -> HTTPFailure {
        let name = origin.name
        return switch what {
        case .connect:
            HTTPFailure(
                .cannotConnect,
                "no connection to \(name) within \(timeouts.connect) ms: check that this network may reach it",
                mayHaveActed: mayHaveActed)
        case .idle:
            HTTPFailure(
                .timedOut, "\(name) moved no byte for \(timeouts.idle) ms", mayHaveActed: mayHaveActed)
        case .total where endsAtDeadline:
            HTTPFailure(
                .timedOut, "the deadline passed before \(name) had answered", mayHaveActed: mayHaveActed)
        case .total:
            HTTPFailure(
                .timedOut, "\(name) had not answered within \(timeouts.total) ms", mayHaveActed: mayHaveActed)
        }
    }

    enum Timeout { case connect, idle, total }

    /// Which of its times is over; nil if none.
    func expired(at now: Int64) -> Timeout? {
        if now >= end { return .total }
        switch phase {
        case .connecting: return now - launched >= timeouts.connect ? .connect : nil
        case .sending:
            guard now - lastMoved >= timeouts.idle else { return nil }
            // libcurl's buffer may have emptied slowly.
            let moved = easy?.movedBytes ?? 0
            guard moved == movedBytes else {
                movedBytes = moved
                lastMoved = now
                return nil
            }
            return .idle
        case .waiting, .finished: return nil
        }
    }

    /// When one of its times is over next, if nothing happens, by `Clock.monotonic`.
    var nextExpiry: Int64 {
        switch phase {
        case .connecting: min(end, launched + timeouts.connect)
        case .sending: min(end, lastMoved + timeouts.idle)
        case .waiting, .finished: end
        }
    }
}
