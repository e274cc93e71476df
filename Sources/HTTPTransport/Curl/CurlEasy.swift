internal import CCurl

/// The owner of an easy handle: what libcurl needs for one transfer at a time, used for many in turn.
///
/// libcurl calls back with this object's address, so it is a class, and whoever puts the handle on a multi handle keeps
/// the object until it is off again.
final class CurlEasy {
    /// Valid as long as the owner.
    let handle: UnsafeMutableRawPointer
    /// What libcurl writes about a failure.
    private let message: UnsafeMutablePointer<CChar>
    /// The sockets of the pool that the handle's connections go to: libcurl keeps its address with each connection, and
    /// the pool's owner keeps it until the multi handle is gone.
    let sockets: OpenSockets
    /// What the handle shares with others: it can only be freed when no handle does any more.
    private let share: CurlShare
    /// The transfer that runs on it.
    var transfer: Transfer?
    /// The file of certificates that it is set to believe.
    private var certificates: String?

    /// A handle with every option that does not depend on the request.
    /// - Parameter maximumIdleSeconds: the age at which a resting connection is closed instead of used.
    init(sockets: OpenSockets, share: CurlShare, maximumIdleSeconds: Int) throws(CurlError) {
        guard let handle = curl_easy_init() else {
            throw CurlError(call: "curl_easy_init", reason: "out of memory")
        }
        self.handle = handle
        self.sockets = sockets
        self.share = share
        message = .allocate(capacity: Int(CURL_ERROR_SIZE))
        message.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
        try set(CURLOPT_PRIVATE, Unmanaged.passUnretained(self).toOpaque(), "CURLOPT_PRIVATE")
        try set(CURLOPT_ERRORBUFFER, message, "CURLOPT_ERRORBUFFER")
        try set(CURLOPT_SHARE, UnsafeMutableRawPointer(share.handle), "CURLOPT_SHARE")
        try set(CURLOPT_MAXAGE_CONN, max(1, maximumIdleSeconds), "CURLOPT_MAXAGE_CONN")
        try setUnvarying()
        try setCallbacks()
    }

    deinit {
        curl_easy_cleanup(handle)
        message.deallocate()
    }

    /// The owner of a handle, as `init` told libcurl.
    static func owner(of handle: UnsafeMutableRawPointer) -> CurlEasy? {
        var pointer: UnsafeMutableRawPointer?
        guard swiftlake_curl_get_pointer(handle, CURLINFO_PRIVATE, &pointer) == CURLE_OK, let pointer else {
            return nil
        }
        return Unmanaged<CurlEasy>.fromOpaque(pointer).takeUnretainedValue()
    }

    /// What the last failure was about, or what the code says where libcurl wrote nothing.
    func explanation(of code: CURLcode) -> String {
        message.pointee != 0 ? String(cString: message) : String(cString: curl_easy_strerror(code))
    }

    /// The file of certificates to believe: https://curl.se/libcurl/c/CURLOPT_CAINFO.html
    func setCertificates(_ path: String) throws(CurlError) {
        guard path != certificates else { return }
        certificates = nil
        try set(CURLOPT_CAINFO, path, "CURLOPT_CAINFO")
        certificates = path
    }

    /// Forgets the transfer that ran on it, and the text of its failure.
    func clear() {
        transfer = nil
        message.pointee = 0
        // The list is about to go; unsetting it cannot fail.
        try? setFields(nil)
    }

    /// Bytes of bodies that moved in either direction: https://curl.se/libcurl/c/CURLINFO_SIZE_UPLOAD_T.html
    var movedBytes: Int64 {
        var sent: curl_off_t = 0
        var received: curl_off_t = 0
        guard swiftlake_curl_get_offset(handle, CURLINFO_SIZE_UPLOAD_T, &sent) == CURLE_OK,
            swiftlake_curl_get_offset(handle, CURLINFO_SIZE_DOWNLOAD_T, &received) == CURLE_OK
        else { return 0 }
        return Int64(sent) &+ Int64(received)
    }

    /// Whether the server's certificate was refused for its descent and not for its name or date being another's:
    /// https://curl.se/libcurl/c/CURLINFO_SSL_VERIFYRESULT.html
    var lacksIssuer: Bool {
        var result = 0
        guard swiftlake_curl_get_long(handle, CURLINFO_SSL_VERIFYRESULT, &result) == CURLE_OK else { return false }
        // X509_V_ERR_: UNABLE_TO_GET_ISSUER_CERT, DEPTH_ZERO_SELF_SIGNED_CERT, SELF_SIGNED_CERT_IN_CHAIN,
        // UNABLE_TO_GET_ISSUER_CERT_LOCALLY, UNABLE_TO_VERIFY_LEAF_SIGNATURE (OpenSSL's x509_vfy.h)
        return [2, 18, 19, 20, 21].contains(result)
    }

    /// The bundle of certificates that libcurl was built with: https://curl.se/libcurl/c/CURLINFO_CAINFO.html
    var builtInBundle: String? {
        var path: UnsafePointer<CChar>?
        guard swiftlake_curl_get_string(handle, CURLINFO_CAINFO, &path) == CURLE_OK, let path else { return nil }
        return String(cString: path)
    }
}
