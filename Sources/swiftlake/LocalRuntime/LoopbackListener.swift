internal import Glibc

/// A TCP port on 127.0.0.1 that the kernel chose, and the connections made to it.
final class LoopbackListener {
    /// One connection: what came and has not been taken.
    private struct Connection {
        var received: [UInt8] = []
        var isEnded = false
    }

    /// The port.
    let port: UInt16
    private let descriptor: Int32
    private var connections: [Int32: Connection] = [:]

    init() throws(LocalRuntimeError) {
        descriptor = socket(
            AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let descriptor = self.descriptor
        let isListening = withUnsafeMutablePointer(to: &address) { address in
            address.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, size) == 0 && listen(descriptor, 16) == 0
                    && getsockname(descriptor, $0, &size) == 0
            }
        }
        port = UInt16(bigEndian: address.sin_port)
        guard isListening else {
            let reason = String(cString: strerror(errno))
            close(descriptor)
            throw LocalRuntimeError("no port of 127.0.0.1 can be listened on: \(reason)")
        }
    }

    deinit {
        closeConnections()
        close(descriptor)
    }

    /// What to wait for.
    var descriptors: [Int32] { [descriptor] + connections.filter { !$0.value.isEnded }.keys }

    /// Takes new connections and new bytes, without waiting.
    func receive() {
        while true {
            let connection = accept(descriptor, nil, nil)
            guard connection >= 0 else { break }
            _ = fcntl(connection, F_SETFD, FD_CLOEXEC)
            _ = fcntl(connection, F_SETFL, O_NONBLOCK)
            var on: Int32 = 1
            setsockopt(connection, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
            connections[connection] = Connection()
        }
        for key in Array(connections.keys) { receive(from: key) }
    }

    private func receive(from key: Int32) {
        guard var connection = connections[key], !connection.isEnded else { return }
        connections[key] = nil
        var piece = [UInt8](repeating: 0, count: 64 * 1024)
        while true {
            let count = recv(key, &piece, piece.count, 0)
            if count > 0 {
                connection.received += piece[..<count]
            } else if count < 0 && errno == EINTR {
                continue
            } else {
                connection.isEnded = count == 0 || errno != EAGAIN
                break
            }
        }
        connections[key] = connection
    }

    /// The next complete request of any connection. A malformed one is answered here with 400.
    func nextRequest() -> (connection: Int32, request: RuntimeRequest)? {
        for (key, connection) in connections where !connection.received.isEmpty {
            switch RuntimeRequest.parse(connection.received) {
            case .incomplete: continue
            case .request(let request, let consumed):
                connections[key]?.received.removeSubrange(..<consumed)
                return (key, request)
            case .malformed(let reason):
                send(key, status: 400, body: Array(reason.utf8))
                drop(key)
            }
        }
        return nil
    }

    /// Forgets connections that the other side has ended, and says which.
    func dropEnded() -> [Int32] {
        let ended = connections.filter { $0.value.isEnded }.map(\.key)
        ended.forEach(drop)
        return ended
    }

    /// Ends all connections.
    func closeConnections() { Array(connections.keys).forEach(drop) }

    private func drop(_ key: Int32) {
        if connections.removeValue(forKey: key) != nil { close(key) }
    }

    /// Answers a request. A connection that cannot be written to counts as ended.
    func send(_ key: Int32, status: Int, headers: [(String, String)] = [], body: [UInt8]) {
        var text = "HTTP/1.1 \(status) \(status == 200 ? "OK" : status == 202 ? "Accepted" : "Refused")\r\n"
        text += "Content-Type: application/json\r\nContent-Length: \(body.count)\r\n"
        for (name, value) in headers { text += "\(name): \(value)\r\n" }
        let bytes = Array((text + "\r\n").utf8) + body
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes {
                Glibc.send(key, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            if count > 0 {
                sent += count
            } else if errno == EAGAIN {
                var ready = pollfd(fd: key, events: Int16(POLLOUT), revents: 0)
                // A function that does not read its event for so long never will.
                guard poll(&ready, 1, 10_000) > 0 else { break }
            } else if errno != EINTR {
                break
            }
        }
        if sent < bytes.count { connections[key]?.isEnded = true }
    }
}
