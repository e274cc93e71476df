internal import CCurl

extension Transfer {
    private static let maximumRedirects = 5

    /// Turns to where the response redirects to.
    /// - Returns: false if the response is to be returned as it stands.
    /// - Throws: if the way leads where it must not.
    func followRedirect() throws(HTTPFailure) -> Bool {
        guard request.followsRedirects, request.method == .get || request.method == .head,
            let location = response.redirect
        else { return false }
        guard redirects < Self.maximumRedirects else {
            throw fault("redirects more than \(Self.maximumRedirects) times")
        }
        guard let next = Self.resolve(location, against: url) else { throw fault("redirects to what is no URL") }
        let target: HTTPOrigin
        do throws(HTTPFailure) {
            target = try HTTPOrigin(url: next)
        } catch {
            throw fault("redirects to where nothing is sent: \(error.message)")
        }
        guard target.isSecure || !origin.isSecure else { throw fault("redirects from https:// to http://") }
        if target != origin { fields = fields.filter(Self.isHarmless) }
        redirects += 1
        url = next
        origin = target
        return true
    }

    private func fault(_ what: String) -> HTTPFailure {
        HTTPFailure(.malformedResponse, "\(origin.name) \(what)", mayHaveActed: true)
    }

    /// Whether another host may see a field: nothing that proves who asks.
    private static func isHarmless(_ field: HTTPField) -> Bool {
        field.isNamed("accept") || field.isNamed("accept-encoding") || field.isNamed("range")
            || field.isNamed("user-agent")
    }

    /// A reference made absolute (RFC 3986 §5), without its fragment.
    private static func resolve(_ reference: String, against base: String) -> String? {
        guard let handle = curl_url() else { return nil }
        defer { curl_url_cleanup(handle) }
        let asIs = UInt32(CURLU_PATH_AS_IS)
        guard curl_url_set(handle, CURLUPART_URL, base, asIs) == CURLUE_OK,
            curl_url_set(handle, CURLUPART_URL, reference, asIs) == CURLUE_OK,
            curl_url_set(handle, CURLUPART_FRAGMENT, nil, 0) == CURLUE_OK
        else { return nil }
        var text: UnsafeMutablePointer<CChar>?
        guard curl_url_get(handle, CURLUPART_URL, &text, 0) == CURLUE_OK, let text else { return nil }
        defer { curl_free(text) }
        return String(cString: text)
    }
}
