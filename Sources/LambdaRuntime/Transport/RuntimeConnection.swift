/// One HTTP/1.1 exchange at a time with the Runtime API, over a connection that is kept while the API keeps it.
final class RuntimeConnection {
    /// Why an exchange did not end in a response.
    enum Failure: Error {
        /// No connection could be made.
        case unreachable(String)
        /// The connection ended, or was reset, before the response was whole.
        case lost(String)
        /// The response is not HTTP as it should be.
        case violation(String)
        /// The response is larger than we read; its head, if that much was read.
        case tooLarge(String, HTTPResponseHead?)

        var reason: String {
            switch self {
            case .unreachable(let reason): "the Runtime API cannot be reached (\(reason))"
            case .lost(let reason): "the Runtime API ended the connection (\(reason))"
            case .violation(let reason): "the Runtime API's response cannot be read (\(reason))"
            case .tooLarge(let reason, _): "the Runtime API's response is too large (\(reason))"
            }
        }
    }

    private let endpoint: RuntimeEndpoint
    private let limits: HTTPResponseParser.Limits
    private var socket: Socket?
    /// Bytes that came and are not parsed yet: heads, and the first of a body.
    private let received = UnsafeMutableRawBufferPointer.allocate(byteCount: 16 * 1024, alignment: 16)
    private var first = 0
    private var end = 0
    /// Body without an announced length is read in pieces of this size.
    private static let pieceBytes = 1 << 20

    init(to endpoint: RuntimeEndpoint, limits: HTTPResponseParser.Limits = .init()) {
        self.endpoint = endpoint
        self.limits = limits
    }

    deinit { received.deallocate() }

    /// Whether a connection is open that has served a request before.
    var isOpen: Bool { socket != nil }

    /// Sends a request and reads its response, the body into `buffer` (or nowhere). After a failure the connection is
    /// closed, and the next exchange makes another.
    func exchange(
        _ request: [UInt8], _ body: [UInt8] = [], into buffer: EventBuffer?
    ) throws(Failure) -> HTTPResponseHead {
        buffer?.removeAll()
        do {
            try connect()
            let head = try send(request, body, into: buffer)
            // Bytes after the response would be taken for the next one.
            if !head.keepsAlive || first != end { disconnect() }
            return head
        } catch {
            disconnect()
            throw error
        }
    }

    private func connect() throws(Failure) {
        guard socket == nil else { return }
        do { socket = try Socket(to: endpoint) } catch { throw .unreachable(error.reason) }
    }

    private func disconnect() {
        socket = nil
        first = 0
        end = 0
    }

    private func send(
        _ request: [UInt8], _ body: [UInt8], into buffer: EventBuffer?
    ) throws(Failure) -> HTTPResponseHead {
        var writeFailure: Socket.Failure?
        do { try socket!.write(request, body) } catch { writeFailure = error }
        do { return try response(into: buffer) } catch {
            // An API that refuses a large body may answer before it has read it all: then its answer was read above.
            if let writeFailure { throw .lost(writeFailure.reason) }
            throw error
        }
    }

    // MARK: - Reading

    private func response(into buffer: EventBuffer?) throws(Failure) -> HTTPResponseHead {
        var parser = HTTPResponseParser(limits: limits)
        var head: HTTPResponseHead?
        while true {
            let unread = UnsafeRawBufferPointer(rebasing: received[first..<end])
            let (event, consumed): (HTTPResponseParser.Event, Int)
            do { (event, consumed) = try parser.next(unread) } catch {
                throw error.code == .tooLarge ? .tooLarge(error.reason, head) : .violation(error.reason)
            }
            first += consumed
            switch event {
            case .head(let complete): head = complete
            case .body(let count):
                buffer?.append(UnsafeRawBufferPointer(rebasing: unread[consumed - count..<consumed]))
            case .end:
                guard let head else { throw .violation("a response without a head") }
                return head
            case .needsMore:
                if let buffer, parser.directBytes > 0 {
                    try readBody(into: buffer, &parser)
                } else {
                    try readMore(&parser)
                }
            }
        }
    }

    /// Reads body bytes straight to where they belong.
    private func readBody(into buffer: EventBuffer, _ parser: inout HTTPResponseParser) throws(Failure) {
        do {
            let most = parser.isChunkedBody ? min(parser.directBytes, Self.pieceBytes) : parser.directBytes
            let count = try buffer.append(upTo: most) { memory throws(Socket.Failure) in
                try socket!.read(into: memory)
            }
            guard count > 0 else { throw Failure.lost("inside a body") }
            parser.received(count)
        } catch let error as Socket.Failure {
            throw .lost(error.reason)
        } catch let error as Failure {
            throw error
        } catch {
            throw .lost("\(error)")
        }
    }

    private func readMore(_ parser: inout HTTPResponseParser) throws(Failure) {
        if first == end {
            first = 0
            end = 0
        } else if first > 0 {
            received.copyBytes(from: received[first..<end])
            end -= first
            first = 0
        }
        let count: Int
        do { count = try socket!.read(into: UnsafeMutableRawBufferPointer(rebasing: received[end...])) } catch {
            throw .lost(error.reason)
        }
        end += count
        if count == 0 {
            do { try parser.close() } catch { throw .lost(error.reason) }
        }
    }
}
