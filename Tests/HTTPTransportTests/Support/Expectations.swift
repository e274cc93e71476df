import HTTPTransport

extension HTTPTransport {
    /// Sends one request.
    func send(_ request: HTTPRequest) -> Result<HTTPResponse, HTTPFailure> { send([request])[0] }
}

extension Result where Success == HTTPResponse, Failure == HTTPFailure {
    var response: HTTPResponse? { try? get() }
    var text: String? { response.map { String(decoding: $0.body, as: UTF8.self) } }

    var failure: HTTPFailure? {
        if case .failure(let failure) = self { failure } else { nil }
    }
}
