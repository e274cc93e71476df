internal import CCurl

/// libcurl's state of the process, made when the first request is sent: who sends none pays nothing.
enum CurlLibrary {
    private static let code = curl_global_init(Int(CURL_GLOBAL_ALL))

    /// Makes it unless it is made. Any thread may call.
    static func prepare() throws(CurlError) { try CurlError.check(code, "curl_global_init") }
}
