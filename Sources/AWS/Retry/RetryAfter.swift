internal import HTTPTransport

/// How long a service asks to be left alone.
enum RetryAfter {
    /// Milliseconds, from `x-amz-retry-after` (milliseconds) or `Retry-After` (seconds or a date, RFC 9110 §10.2.3);
    /// nil if the reply does not say, or nothing that can be read.
    static func milliseconds(_ response: HTTPResponse, nowMs: Int64) -> Int64? {
        if let text = response["x-amz-retry-after"], let wait = HTTPDate.number(text.utf8) { return Int64(wait) }
        guard let text = response["retry-after"] else { return nil }
        if let seconds = HTTPDate.number(text.utf8) { return Int64(seconds) * 1000 }
        // Against the server's own clock, if it gives one: ours may be off.
        let now = response["date"].flatMap(HTTPDate.milliseconds) ?? nowMs
        return HTTPDate.milliseconds(text).map { max(0, $0 - now) }
    }
}
