internal import CCurl

/// Takes transfers to their ends: puts them on the multi handle, as many at a time as a host may have connections, keeps
/// their times, and decides what becomes of each when libcurl is done with it. One thread may use it.
final class TransferDriver {
    var statistics = HTTPStatistics()
    private let configuration: HTTPConfiguration
    private let sockets = OpenSockets()
    private let share: CurlShare
    private let multi: CurlMulti
    private var resting: [CurlEasy] = []
    private var running: [Transfer] = []
    private var hosts: [HTTPOrigin: HTTPHost] = [:]
    private var certificates: CertificateFiles
    /// When a transfer last went off the multi handle.
    private var lastUse = (sinceBoot: Clock.sinceBoot, epoch: Clock.epoch)

    init(_ configuration: HTTPConfiguration) throws(CurlError) {
        try CurlLibrary.prepare()
        self.configuration = configuration
        certificates = CertificateFiles(configuration.certificates)
        share = try CurlShare()
        multi = try CurlMulti(share: share, sockets: sockets)
        try multi.setMaximumPooledConnections(min(max(1, configuration.maximumConnectionsPerHost), 256) * 4)
    }

    /// Transfers of one host on the multi handle at most.
    private var maximumRunning: Int { max(1, configuration.maximumConnectionsPerHost) }

    /// Begins transfers, in order.
    func start(_ transfers: [Transfer]) {
        if running.isEmpty { endStaleConnections() }
        for transfer in transfers { admit(transfer) }
        // Until nothing can go on without waiting; the bound is for a library that would say so forever.
        for _ in 0..<4_096 {
            guard turn() || isReady() else { return }
        }
    }

    /// Drives all transfers until these have ended.
    func finish(_ transfers: [Transfer]) {
        for transfer in transfers {
            while transfer.result == nil {
                if turn() || transfer.result != nil { continue }
                let left = nextExpiry() - Clock.monotonic
                if left > 0 { wait(milliseconds: left) } else { expire() }
            }
        }
    }

    /// Ends what of these has not ended, without result.
    func abandon(_ transfers: [Transfer]) {
        // Those that wait go first, lest they be launched in the place of the others.
        let unfinished = transfers.filter { $0.result == nil }
        for transfer in unfinished.filter({ $0.easy == nil }) + unfinished.filter({ $0.easy != nil }) {
            let failure = HTTPFailure(
                .connectionLost, "the request to \(transfer.origin.name) was given up",
                mayHaveActed: transfer.mayHaveActed)
            end(transfer, .failure(failure))
        }
    }

    /// Counts a request that begins to be sent.
    func countSending(isFresh: Bool, isSecure: Bool) {
        statistics.requests += 1
        guard isFresh else { return }
        statistics.connections += 1
        if isSecure { statistics.handshakes += 1 }
    }

    // MARK: Driving

    /// Lets libcurl do all it can do without waiting.
    /// - Returns: whether a transfer has ended, so that another may begin.
    private func turn() -> Bool {
        do throws(CurlError) {
            try multi.perform()
            var hasEnded = false
            while let (easy, code) = multi.nextFinished() {
                conclude(easy, code)
                hasEnded = true
            }
            return hasEnded && !running.isEmpty
        } catch {
            failAll(error)
            return false
        }
    }

    /// Whether a transfer can go on at once.
    private func isReady() -> Bool {
        guard !running.isEmpty else { return false }
        do throws(CurlError) {
            if try multi.wait(milliseconds: 0) { return true }
            return try multi.isDue()
        } catch {
            failAll(error)
            return false
        }
    }

    /// When the next time-out is, if nothing happens, by `Clock.monotonic`.
    private func nextExpiry() -> Int64 {
        var next = Int64.max
        for transfer in running { next = min(next, transfer.nextExpiry) }
        for host in hosts.values { for transfer in host.queue { next = min(next, transfer.nextExpiry) } }
        return next
    }

    /// Waits for bytes.
    private func wait(milliseconds: Int64) {
        do throws(CurlError) {
            _ = try multi.wait(milliseconds: Int32(min(milliseconds, 60_000)))
        } catch {
            failAll(error)
        }
    }

    /// Ends what has run out of time. Those that wait go first, lest they be launched in the place of the others.
    private func expire() {
        let now = Clock.monotonic
        let waiting = hosts.values.flatMap(\.queue)
        for transfer in waiting + running where transfer.result == nil {
            if let timeout = transfer.expired(at: now) { end(transfer, .failure(transfer.timeout(timeout))) }
        }
    }

    /// libcurl stays usable after hardly any failure of a whole multi handle, so everything ends.
    private func failAll(_ error: CurlError) {
        let waiting = hosts.values.flatMap(\.queue)
        for transfer in waiting + running where transfer.result == nil {
            let failure = HTTPFailure(
                .connectionLost, "libcurl failed in \(error.call): \(error.reason)",
                mayHaveActed: transfer.mayHaveActed)
            end(transfer, .failure(failure))
        }
    }

    // MARK: One transfer

    private func host(_ origin: HTTPOrigin) -> HTTPHost {
        if let host = hosts[origin] { return host }
        let host = HTTPHost(origin)
        hosts[origin] = host
        return host
    }

    /// Launches a transfer, or has it wait for a connection.
    private func admit(_ transfer: Transfer) {
        let host = host(transfer.origin)
        if host.running >= maximumRunning {
            transfer.phase = .waiting
            host.wait(transfer)
        } else {
            launch(transfer, host)
        }
    }

    private func launch(_ transfer: Transfer, _ host: HTTPHost) {
        do throws(CurlError) {
            let easy = if let rested = resting.popLast() { rested } else { try makeEasy() }
            try prepare(easy, transfer, host)
            try multi.add(easy)
            transfer.launch(on: easy)
            easy.transfer = transfer
            transfer.position = running.count
            running.append(transfer)
            host.running += 1
        } catch {
            transfer.phase = .finished(.failure(transfer.failure(error)))
        }
    }

    private func makeEasy() throws(CurlError) -> CurlEasy {
        let seconds = Int(clamping: configuration.maximumIdleMilliseconds / 1_000)
        return try CurlEasy(sockets: sockets, share: share, maximumIdleSeconds: seconds)
    }

    private func prepare(_ easy: CurlEasy, _ transfer: Transfer, _ host: HTTPHost) throws(CurlError) {
        let connect = min(transfer.timeouts.connect, transfer.end - Clock.monotonic)
        let list = CurlFieldList(transfer.fields, isUpload: transfer.isUpload)
        try easy.setURL(transfer.url)
        try easy.setMethod(transfer.request.method, body: transfer.isUpload ? transfer.request.body.count : nil)
        try easy.setFields(list.first)
        try easy.setConnectTimeout(milliseconds: Int(connect))
        try easy.setFreshConnection(transfer.needsFreshConnection)
        if host.origin.isSecure {
            transfer.trust = certificates.trust(for: host)
            guard let path = certificates.path(transfer.trust, builtIn: easy.builtInBundle) else {
                throw CurlError.noCertificates
            }
            try easy.setCertificates(path)
        }
        transfer.fieldList = consume list
    }

    /// libcurl is done with a transfer: it ends, or is launched again.
    private func conclude(_ easy: CurlEasy, _ code: CURLcode) {
        guard let transfer = easy.transfer else { return }
        let explanation = easy.explanation(of: code)
        let lacksIssuer = code == CURLE_PEER_FAILED_VERIFICATION && easy.lacksIssuer
        let host = host(transfer.origin)
        detach(transfer, host)
        if code == CURLE_OK {
            guard transfer.response.hasHead else {
                return end(transfer, .failure(transfer.lostConnection("the head is cut off")))
            }
            do throws(HTTPFailure) {
                if try transfer.followRedirect() { return admit(transfer) }
                end(transfer, .success(transfer.takeResponse()))
            } catch {
                end(transfer, .failure(error))
            }
            return
        }
        switch transfer.refusal {
        case .needsFreshConnection:
            transfer.needsFreshConnection = true
            transfer.countResend()
            return admit(transfer)
        case .notResent:
            let why = "a pooled one, and the request is not sent again since it may have been acted on"
            return end(transfer, .failure(transfer.lostConnection(why)))
        default:
            break
        }
        if certificates.hasTwo(for: host), !transfer.hasTriedOtherTrust, lacksIssuer || code == CURLE_SSL_CACERT_BADFILE
        {
            transfer.hasTriedOtherTrust = true
            host.trust = transfer.trust.other
            return admit(transfer)
        }
        end(transfer, .failure(transfer.failure(code, explanation)))
    }

    private func end(_ transfer: Transfer, _ result: Result<HTTPResponse, HTTPFailure>) {
        if transfer.easy != nil { detach(transfer, host(transfer.origin)) }
        transfer.phase = .finished(result)
    }

    /// Takes a transfer off the multi handle, and launches the one that waited longest for it.
    private func detach(_ transfer: Transfer, _ host: HTTPHost) {
        guard let easy = transfer.easy else { return }
        // It can only fail for a handle that is not on it.
        try? multi.remove(easy)
        easy.clear()
        transfer.easy = nil
        transfer.fieldList = nil
        resting.append(easy)
        lastUse = (Clock.sinceBoot, Clock.epoch)
        let last = running.removeLast()
        if last !== transfer {
            running[transfer.position] = last
            last.position = transfer.position
        }
        host.running -= 1
        while host.running < maximumRunning, let next = host.next() { launch(next, host) }
    }

    // MARK: Connections

    /// Ends pooled connections that the server has closed, and all of them if they rested for long by any clock: a function
    /// is frozen between invocations, and the clock that libcurl goes by may have stood still.
    private func endStaleConnections() {
        let rest = max(Clock.sinceBoot - lastUse.sinceBoot, Clock.epoch - lastUse.epoch)
        if rest > configuration.maximumIdleMilliseconds {
            sockets.endAll()
            certificates.noteNoConnection()
        } else if sockets.endSpoken() {
            certificates.noteNoConnection()
        }
    }
}
