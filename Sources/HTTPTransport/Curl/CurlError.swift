internal import CCurl

/// An answer of libcurl that is not "fine".
struct CurlError: Error, Equatable {
    /// What the call was about, such as an option's name.
    let call: String
    /// What libcurl says to it.
    let reason: String

    /// No file of certificates to believe anyone by.
    static let noCertificates = CurlError(
        call: "CURLOPT_CAINFO", reason: "no bundle of certificates is set, built in, or in a usual place")

    /// Throws unless the call went well (https://curl.se/libcurl/c/libcurl-errors.html).
    static func check(_ code: CURLcode, _ call: StaticString) throws(CurlError) {
        guard code != CURLE_OK else { return }
        throw CurlError(call: "\(call)", reason: String(cString: curl_easy_strerror(code)))
    }

    static func check(_ code: CURLMcode, _ call: StaticString) throws(CurlError) {
        guard code != CURLM_OK else { return }
        throw CurlError(call: "\(call)", reason: String(cString: curl_multi_strerror(code)))
    }

    static func check(_ code: CURLSHcode, _ call: StaticString) throws(CurlError) {
        guard code != CURLSHE_OK else { return }
        throw CurlError(call: "\(call)", reason: String(cString: curl_share_strerror(code)))
    }
}
