internal import CCurl

/// The owner of what easy handles share: TLS sessions, so that a second handshake with a host is a short one.
/// One thread at a time may use it, which is why it needs no lock callbacks.
final class CurlShare {
    /// Valid as long as the owner.
    let handle: OpaquePointer

    init() throws(CurlError) {
        guard let handle = curl_share_init() else {
            throw CurlError(call: "curl_share_init", reason: "out of memory")
        }
        self.handle = OpaquePointer(handle)
        try CurlError.check(
            swiftlake_curl_share_set_data(handle, CURL_LOCK_DATA_SSL_SESSION), "CURL_LOCK_DATA_SSL_SESSION")
    }

    deinit {
        let code = curl_share_cleanup(UnsafeMutableRawPointer(handle))
        assert(code == CURLSHE_OK, "an easy handle outlived what it shares")
    }
}
