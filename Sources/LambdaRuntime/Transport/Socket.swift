internal import Glibc

/// A connected TCP socket, closed with its owner. Calls block, and are repeated when a signal interrupts them.
struct Socket: ~Copyable {
    /// A failed call, by its `errno`.
    struct Failure: Error {
        let call: StaticString
        let number: Int32

        var reason: String { "\(call): \(String(cString: strerror(number)))" }
    }

    private let descriptor: Int32

    /// Connects.
    init(to endpoint: RuntimeEndpoint) throws(Failure) {
        let family = endpoint.address.count == 4 ? AF_INET : AF_INET6
        descriptor = socket(family, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw Failure(call: "socket", number: errno) }
        do { try Self.connect(descriptor, endpoint) } catch {
            close(descriptor)
            throw error
        }
        // A request is one write: waiting to fill a packet would only delay it.
        var on: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
    }

    deinit { close(descriptor) }

    private static func connect(_ descriptor: Int32, _ endpoint: RuntimeEndpoint) throws(Failure) {
        var status: Int32
        if endpoint.address.count == 4 {
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = endpoint.port.bigEndian
            withUnsafeMutableBytes(of: &address.sin_addr) { $0.copyBytes(from: endpoint.address) }
            status = connect(descriptor, &address, MemoryLayout<sockaddr_in>.size)
        } else {
            var address = sockaddr_in6()
            address.sin6_family = sa_family_t(AF_INET6)
            address.sin6_port = endpoint.port.bigEndian
            withUnsafeMutableBytes(of: &address.sin6_addr) { $0.copyBytes(from: endpoint.address) }
            status = connect(descriptor, &address, MemoryLayout<sockaddr_in6>.size)
        }
        if status != 0 && errno == EINTR {
            // The connection goes on being made: its outcome is an option of the socket.
            var ready = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
            while poll(&ready, 1, -1) < 0 && errno == EINTR {}
            var number: Int32 = 0
            var size = socklen_t(MemoryLayout<Int32>.size)
            getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &number, &size)
            errno = number
            status = number == 0 ? 0 : -1
        }
        guard status == 0 else { throw Failure(call: "connect", number: errno) }
    }

    private static func connect<Address>(_ descriptor: Int32, _ address: inout Address, _ size: Int) -> Int32 {
        withUnsafePointer(to: &address) { address in
            address.withMemoryRebound(to: sockaddr.self, capacity: 1) { Glibc.connect(descriptor, $0, socklen_t(size)) }
        }
    }

    /// Reads at least one byte; zero means that the other side has ended the connection.
    func read(into memory: UnsafeMutableRawBufferPointer) throws(Failure) -> Int {
        while true {
            let count = recv(descriptor, memory.baseAddress, memory.count, 0)
            if count >= 0 { return count }
            guard errno == EINTR else { throw Failure(call: "recv", number: errno) }
        }
    }

    /// Writes two pieces whole, in one call where the kernel takes them.
    func write(_ first: [UInt8], _ second: [UInt8]) throws(Failure) {
        let number = first.withUnsafeBytes { first in
            second.withUnsafeBytes { second in
                var sent = 0
                while sent < first.count + second.count {
                    let count = send(Self.rest(first, after: sent), Self.rest(second, after: sent - first.count))
                    if count >= 0 { sent += count } else if errno != EINTR { return errno }
                }
                return 0
            }
        }
        guard number == 0 else { throw Failure(call: "send", number: number) }
    }

    private static func rest(_ bytes: UnsafeRawBufferPointer, after sent: Int) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: bytes[min(max(sent, 0), bytes.count)...])
    }

    private func send(_ first: UnsafeRawBufferPointer, _ second: UnsafeRawBufferPointer) -> Int {
        var pieces = (
            iovec(iov_base: UnsafeMutableRawPointer(mutating: first.baseAddress), iov_len: first.count),
            iovec(iov_base: UnsafeMutableRawPointer(mutating: second.baseAddress), iov_len: second.count)
        )
        return withUnsafeMutableBytes(of: &pieces) { pieces in
            var message = msghdr()
            message.msg_iov = pieces.assumingMemoryBound(to: iovec.self).baseAddress
            message.msg_iovlen = 2
            // A closed connection is an error to read, not a signal to die of.
            return sendmsg(descriptor, &message, Int32(MSG_NOSIGNAL))
        }
    }
}
