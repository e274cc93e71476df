internal import CAres
internal import Glibc
internal import Synchronization

/// Looks up the names of brokers through c-ares: glibc's own look-up, linked statically, would load modules of the host's.
///
/// Any thread may ask; each question has a channel of its own.
final class NameResolver: Sendable {
    /// What `getaddrinfo` says when a look-up failed for good.
    static let failure = EAI_FAIL
    /// How long a look-up may take in all, in milliseconds: meanwhile nothing else happens with that broker.
    private static let longestMs: Int64 = 5_000
    /// How often it is looked whether the answer is still wanted, in milliseconds.
    private static let sliceMs: Int32 = 50

    private let isGivenUp = Atomic(false)

    /// Ends look-ups under way, and those that follow, without an answer.
    func giveUp() { isGivenUp.store(true, ordering: .relaxed) }

    /// Takes back `giveUp`.
    func goOn() { isGivenUp.store(false, ordering: .relaxed) }

    /// The addresses of a host, as `getaddrinfo` gives them; `free` takes them back.
    /// - Returns: 0, or one of `getaddrinfo`'s codes.
    func resolve(
        _ host: UnsafePointer<CChar>, service: UnsafePointer<CChar>?, hints: UnsafePointer<addrinfo>?,
        into list: UnsafeMutablePointer<UnsafeMutablePointer<addrinfo>?>
    ) -> Int32 {
        list.pointee = nil
        guard Self.isLibraryReady else { return EAI_FAIL }
        var options = ares_options()
        options.timeout = 1_500
        options.tries = 3
        var channel: ares_channel?
        guard ares_init_options(&channel, &options, Int32(ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES)) == ARES_SUCCESS,
            let channel
        else { return EAI_AGAIN }
        defer { ares_destroy(channel) }
        var asked = ares_addrinfo_hints()
        asked.ai_flags = Int32(ARES_AI_NUMERICSERV)
        asked.ai_family = hints?.pointee.ai_family ?? AF_UNSPEC
        asked.ai_socktype = hints?.pointee.ai_socktype ?? 0
        asked.ai_protocol = hints?.pointee.ai_protocol ?? 0
        var answer = Answer()
        return withUnsafeMutablePointer(to: &answer) { answer in
            ares_getaddrinfo(
                channel, host, service, &asked,
                { argument, status, _, found in
                    guard let answer = argument?.assumingMemoryBound(to: Answer.self) else { return }
                    answer.pointee.status = status
                    answer.pointee.found = found
                }, answer)
            drive(channel) { answer.pointee.status != nil }
            // Whatever is not answered by now is answered by this, with a status that says so.
            ares_cancel(channel)
            guard let found = answer.pointee.found else { return answer.pointee.code }
            defer { ares_freeaddrinfo(found) }
            list.pointee = AddressList.make(of: found, family: asked.ai_family)
            return list.pointee == nil ? EAI_NONAME : 0
        }
    }

    /// Takes back what `resolve` gave.
    func free(_ list: UnsafeMutablePointer<addrinfo>?) { AddressList.free(list) }

    /// c-ares is made ready once in a process.
    private static let isLibraryReady = ares_library_init(ARES_LIB_INIT_ALL) == ARES_SUCCESS

    /// What c-ares answered.
    private struct Answer {
        var status: Int32?
        var found: UnsafeMutablePointer<ares_addrinfo>?

        /// The status as one of `getaddrinfo`'s codes.
        var code: Int32 {
            switch status ?? ARES_ETIMEOUT {
            case ARES_ENOTFOUND, ARES_ENODATA, ARES_EBADNAME: EAI_NONAME
            case ARES_ETIMEOUT, ARES_ECONNREFUSED, ARES_ESERVFAIL, ARES_ECANCELLED, ARES_EDESTRUCTION: EAI_AGAIN
            case ARES_ENOMEM: EAI_MEMORY
            default: EAI_FAIL
            }
        }
    }

    /// Sends and receives until there is an answer, the time is up, or nobody wants it any more.
    private func drive(_ channel: ares_channel, until isAnswered: () -> Bool) {
        var sockets = [ares_socket_t](repeating: 0, count: Int(ARES_GETSOCK_MAXNUM))
        var states: [pollfd] = []
        let end = Self.nowMs + Self.longestMs
        while !isAnswered(), !isGivenUp.load(ordering: .relaxed), Self.nowMs < end {
            let wanted = ares_getsock(channel, &sockets, Int32(sockets.count))
            states.removeAll(keepingCapacity: true)
            for index in 0..<sockets.count {
                let isRead = wanted & 1 << Int32(index) != 0
                let isWritten = wanted & 1 << Int32(index + sockets.count) != 0
                guard isRead || isWritten else { continue }
                let events = (isRead ? POLLIN : 0) | (isWritten ? POLLOUT : 0)
                states.append(pollfd(fd: sockets[index], events: Int16(events), revents: 0))
            }
            poll(&states, nfds_t(states.count), Self.sliceMs)
            // Time-outs are seen to as well, by a call for no socket.
            ares_process_fd(channel, ARES_SOCKET_BAD, ARES_SOCKET_BAD)
            for state in states where state.revents != 0 {
                let isWritten = Int32(state.revents) & ~POLLIN != 0
                let isRead = Int32(state.revents) & ~POLLOUT != 0
                ares_process_fd(channel, isRead ? state.fd : ARES_SOCKET_BAD, isWritten ? state.fd : ARES_SOCKET_BAD)
            }
        }
    }

    private static var nowMs: Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000
    }
}
