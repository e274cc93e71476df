internal import CCurl

/// The owner of a multi handle: many transfers on one thread, and the connections they leave for the next ones.
final class CurlMulti {
    private let handle: UnsafeMutableRawPointer
    /// What its connections use until they are closed with it.
    private let users: (CurlShare, OpenSockets)

    init(share: CurlShare, sockets: OpenSockets) throws(CurlError) {
        guard let handle = curl_multi_init() else {
            throw CurlError(call: "curl_multi_init", reason: "out of memory")
        }
        self.handle = handle
        users = (share, sockets)
    }

    /// Closes the pooled connections too. No easy handle may be on it.
    deinit {
        let code = curl_multi_cleanup(handle)
        assert(code == CURLM_OK, "curl_multi_cleanup")
    }

    /// How many connections rest in the pool at most: https://curl.se/libcurl/c/CURLMOPT_MAXCONNECTS.html
    func setMaximumPooledConnections(_ count: Int) throws(CurlError) {
        try CurlError.check(
            swiftlake_curl_multi_set_long(handle, CURLMOPT_MAXCONNECTS, count), "CURLMOPT_MAXCONNECTS")
    }

    /// Puts a transfer on it; nothing is sent yet.
    func add(_ easy: CurlEasy) throws(CurlError) {
        try CurlError.check(curl_multi_add_handle(handle, easy.handle), "curl_multi_add_handle")
    }

    /// Takes a transfer off it. The connection of one that is not finished is closed.
    func remove(_ easy: CurlEasy) throws(CurlError) {
        try CurlError.check(curl_multi_remove_handle(handle, easy.handle), "curl_multi_remove_handle")
    }

    /// Drives every transfer as far as it goes without waiting.
    func perform() throws(CurlError) {
        var running: Int32 = 0
        try CurlError.check(curl_multi_perform(handle, &running), "curl_multi_perform")
    }

    /// A transfer that has ended, and how; nil if there is none left to report.
    func nextFinished() -> (easy: CurlEasy, code: CURLcode)? {
        var left: Int32 = 0
        while let message = curl_multi_info_read(handle, &left) {
            guard message.pointee.msg == CURLMSG_DONE, let easy = CurlEasy.owner(of: message.pointee.easy_handle)
            else { continue }
            return (easy, swiftlake_curl_message_result(message))
        }
        return nil
    }

    /// Waits until a transfer can go on, libcurl's own timers included.
    /// - Returns: whether one can: false if the time passed.
    func wait(milliseconds: Int32) throws(CurlError) -> Bool {
        var ready: Int32 = 0
        try CurlError.check(curl_multi_poll(handle, nil, 0, milliseconds, &ready), "curl_multi_poll")
        return ready > 0
    }

    /// Whether a timer of libcurl's has run out, so that driving does something.
    func isDue() throws(CurlError) -> Bool {
        var milliseconds = 0
        try CurlError.check(curl_multi_timeout(handle, &milliseconds), "curl_multi_timeout")
        return milliseconds == 0
    }
}
