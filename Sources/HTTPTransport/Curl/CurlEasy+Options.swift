internal import CCurl

/// One setter an option; each is described at https://curl.se/libcurl/c/ under its name.
extension CurlEasy {
    /// What no request changes.
    func setUnvarying() throws(CurlError) {
        // No signal for time-outs of names: libcurl writes to sockets without raising any, too.
        try set(CURLOPT_NOSIGNAL, 1, "CURLOPT_NOSIGNAL")
        // A time-out is one: a thread that still looks up a name is not waited for.
        try set(CURLOPT_QUICK_EXIT, 1, "CURLOPT_QUICK_EXIT")
        try set(CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1, "CURLOPT_HTTP_VERSION")
        try set(CURLOPT_PROTOCOLS_STR, "http,https", "CURLOPT_PROTOCOLS_STR")
        try set(CURLOPT_DISALLOW_USERNAME_IN_URL, 1, "CURLOPT_DISALLOW_USERNAME_IN_URL")
        try set(CURLOPT_PATH_AS_IS, 1, "CURLOPT_PATH_AS_IS")
        // Neither the environment's proxy, nor .netrc, nor a redirect, unless this module says so.
        try set(CURLOPT_PROXY, "", "CURLOPT_PROXY")
        try set(CURLOPT_NOPROXY, "*", "CURLOPT_NOPROXY")
        try set(CURLOPT_NETRC, Int(CURL_NETRC_IGNORED.rawValue), "CURLOPT_NETRC")
        try set(CURLOPT_FOLLOWLOCATION, 0, "CURLOPT_FOLLOWLOCATION")
        try set(CURLOPT_SSL_VERIFYPEER, 1, "CURLOPT_SSL_VERIFYPEER")
        try set(CURLOPT_SSL_VERIFYHOST, 2, "CURLOPT_SSL_VERIFYHOST")
        try set(CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2, "CURLOPT_SSLVERSION")
        // A bundle of certificates is parsed once in the life of the multi handle.
        try set(CURLOPT_CA_CACHE_TIMEOUT, -1, "CURLOPT_CA_CACHE_TIMEOUT")
    }

    /// Until when a connection must be made.
    func setConnectTimeout(milliseconds: Int) throws(CurlError) {
        try set(CURLOPT_CONNECTTIMEOUT_MS, min(max(1, milliseconds), Int(Int32.max)), "CURLOPT_CONNECTTIMEOUT_MS")
    }

    /// Where to.
    func setURL(_ url: String) throws(CurlError) { try set(CURLOPT_URL, url, "CURLOPT_URL") }

    /// What is asked, and whether a body of `length` goes with it.
    func setMethod(_ method: HTTPMethod, body length: Int?) throws(CurlError) {
        // GET comes first: it takes back what an earlier request has set.
        try set(CURLOPT_HTTPGET, 1, "CURLOPT_HTTPGET")
        if method == .head { try set(CURLOPT_NOBODY, 1, "CURLOPT_NOBODY") }
        if let length {
            try set(CURLOPT_UPLOAD, 1, "CURLOPT_UPLOAD")
            try CurlError.check(
                swiftlake_curl_set_offset(handle, CURLOPT_INFILESIZE_LARGE, curl_off_t(length)),
                "CURLOPT_INFILESIZE_LARGE")
        }
        try set(CURLOPT_CUSTOMREQUEST, method == .head ? nil : method.rawValue, "CURLOPT_CUSTOMREQUEST")
    }

    /// The fields. The list stays the caller's, who keeps it until the transfer has ended.
    func setFields(_ list: UnsafeMutableRawPointer?) throws(CurlError) {
        try set(CURLOPT_HTTPHEADER, list, "CURLOPT_HTTPHEADER")
    }

    /// Whether a pooled connection is out of the question.
    func setFreshConnection(_ isFresh: Bool) throws(CurlError) {
        try set(CURLOPT_FRESH_CONNECT, isFresh ? 1 : 0, "CURLOPT_FRESH_CONNECT")
    }

    func set(_ option: CURLoption, _ value: Int, _ name: StaticString) throws(CurlError) {
        try CurlError.check(swiftlake_curl_set_long(handle, option, value), name)
    }

    func set(_ option: CURLoption, _ value: String?, _ name: StaticString) throws(CurlError) {
        // libcurl copies the text.
        try CurlError.check(swiftlake_curl_set_string(handle, option, value), name)
    }

    func set(_ option: CURLoption, _ value: UnsafeMutableRawPointer?, _ name: StaticString) throws(CurlError) {
        try CurlError.check(swiftlake_curl_set_pointer(handle, option, value), name)
    }
}
