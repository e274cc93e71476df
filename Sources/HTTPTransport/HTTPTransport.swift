/// Sends requests over HTTP/1.1, many at once on the calling thread, through libcurl.
///
/// Connections stay open after a request for the next one, as long as the transport lives: a function keeps one for all
/// of its invocations. HTTPS is a must, except towards loopback and the link-local addresses that hand out credentials
/// (169.254.169.254, 169.254.170.2, 169.254.170.23 and their IPv6 siblings fd00:ec2::254 and fd00:ec2::23). No proxy,
/// `.netrc` or cookie is ever read, and nothing is retried here but a request whose pooled connection turned out to have
/// ended. libcurl itself is made ready by the first request.
///
/// One thread may use it.
public final class HTTPTransport {
    /// Until when all of its requests must have ended; what began before a change keeps the one it began with.
    public let deadline: RequestDeadline
    private let configuration: HTTPConfiguration
    private var driver: TransferDriver?

    /// A transport without a connection yet.
    public init(_ configuration: HTTPConfiguration = HTTPConfiguration(), deadline: RequestDeadline = RequestDeadline())
    {
        self.configuration = configuration
        self.deadline = deadline
    }

    /// What it has done so far.
    public var statistics: HTTPStatistics { driver?.statistics ?? HTTPStatistics() }

    /// Sends requests all at once, and waits for all of them.
    /// - Returns: what became of each, in their order.
    public func send(_ requests: [HTTPRequest]) -> [Result<HTTPResponse, HTTPFailure>] { finish(start(requests)) }

    /// Puts requests on the wire as far as that goes without waiting. Whatever is sent or finished afterwards drives these
    /// along.
    public func start(_ requests: [HTTPRequest]) -> HTTPExchange {
        guard !requests.isEmpty else { return HTTPExchange([], driver: nil) }
        let driver: TransferDriver
        do throws(CurlError) {
            driver = if let made = self.driver { made } else { try TransferDriver(configuration) }
            self.driver = driver
        } catch {
            let failure = HTTPFailure(
                .cannotConnect, "libcurl is not usable here: \(error.call): \(error.reason)", mayHaveActed: false)
            return HTTPExchange(requests.map { _ in .failure(failure) }, driver: nil)
        }
        let clock = (monotonic: Clock.monotonic, epoch: Clock.epoch)
        let left = deadline.milliseconds.map { max($0, clock.epoch) - clock.epoch }
        let exchange = HTTPExchange(
            requests.map { part($0, driver, now: clock.monotonic, left: left) }, driver: driver)
        driver.start(exchange.transfers)
        return exchange
    }

    /// Waits for the rest of an exchange.
    /// - Returns: what became of each request, in their order.
    public func finish(_ exchange: HTTPExchange) -> [Result<HTTPResponse, HTTPFailure>] {
        exchange.driver?.finish(exchange.transfers)
        return exchange.parts.map { part in
            switch part {
            case .failure(let failure): return .failure(failure)
            case .transfer(let transfer):
                return transfer.result
                    ?? .failure(HTTPFailure(.connectionLost, "a transfer without end", mayHaveActed: true))
            }
        }
    }

    /// A request that is right, on its way; or why it is not sent.
    private func part(_ request: HTTPRequest, _ driver: TransferDriver, now: Int64, left: Int64?) -> HTTPExchange.Part {
        do throws(HTTPFailure) {
            let origin = try HTTPOrigin(url: request.url)
            for field in request.fields {
                guard let fault = field.fault else { continue }
                throw HTTPFailure(.invalidRequest, "\(fault), in a request to \(origin.name)", mayHaveActed: false)
            }
            let timeouts = (request.timeouts ?? configuration.timeouts.sharing(left)).bounded
            let endsAtDeadline = left.map { $0 < timeouts.total } ?? false
            let total = min(timeouts.total, left ?? .max)
            guard total > 0 else {
                throw HTTPFailure(
                    .timedOut, "the deadline has passed: nothing was sent to \(origin.name)", mayHaveActed: false)
            }
            return .transfer(
                Transfer(
                    request, origin: origin, timeouts: timeouts, end: now + total,
                    endsAtDeadline: endsAtDeadline, driver: driver))
        } catch {
            return .failure(error)
        }
    }
}
