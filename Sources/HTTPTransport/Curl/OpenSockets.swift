internal import CCurl
internal import Glibc

/// The sockets that libcurl holds, so that pooled connections which are no good can be ended before one is used: libcurl
/// has no call for it, and its own look at a connection takes a TLS server's goodbye for a sign of life.
final class OpenSockets {
    private var descriptors: Set<Int32> = []
    private var states: [pollfd] = []

    /// A new socket; -1 if there is none.
    func open(family: Int32, type: Int32, protocol: Int32) -> Int32 {
        let descriptor = socket(family, type | Int32(SOCK_CLOEXEC.rawValue), `protocol`)
        if descriptor >= 0 { descriptors.insert(descriptor) }
        return descriptor
    }

    /// Closes a socket that was opened here.
    func close(_ descriptor: Int32) -> Int32 {
        descriptors.remove(descriptor)
        return Glibc.close(descriptor)
    }

    /// Ends every connection. None may be in use.
    func endAll() {
        for descriptor in descriptors { end(descriptor) }
    }

    /// Ends the connections on which something has arrived. None may be in use: between requests a server says nothing but
    /// that it closes, by the end of its stream, an alert of TLS, or a status 408.
    /// - Returns: whether none is left.
    func endSpoken() -> Bool {
        guard !descriptors.isEmpty else { return true }
        states.removeAll(keepingCapacity: true)
        for descriptor in descriptors { states.append(pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)) }
        let spoken = poll(&states, nfds_t(states.count), 0)
        guard spoken > 0 else { return false }
        for state in states where state.revents != 0 { end(state.fd) }
        return Int(spoken) == descriptors.count
    }

    /// Puts an ended stream in the connection's place: libcurl finds it before it would use the connection, and closes it.
    /// Shutting the connection down would leave readable what has arrived already.
    private func end(_ descriptor: Int32) {
        var pair: (Int32, Int32) = (-1, -1)
        let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        let isMade = withUnsafeMutableBytes(of: &pair) {
            socketpair(AF_UNIX, type, 0, $0.assumingMemoryBound(to: Int32.self).baseAddress) == 0
        }
        guard isMade else {
            shutdown(descriptor, Int32(SHUT_RDWR))
            return
        }
        if dup2(pair.0, descriptor) >= 0 { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
        _ = Glibc.close(pair.0)
        _ = Glibc.close(pair.1)
    }
}
