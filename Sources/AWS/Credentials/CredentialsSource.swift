internal import HTTPTransport

/// One place where credentials may be.
protocol CredentialsSource {
    /// What is looked for, for the error that lists all places.
    var name: String { get }
    /// The credentials of now; nil if this place is not set up.
    /// - Throws: why a place that is set up, or cannot be told from one that is, has none.
    func fetch() throws(CredentialsFault) -> Credentials?
    /// Whether a place that fails ends the search: it was set up explicitly.
    var isExplicit: Bool { get }
}

/// Why a source of credentials has none: the second half of a sentence that the source's name begins.
struct CredentialsFault: Error, Equatable {
    let message: String
    init(_ message: String) { self.message = message }
}

/// What the sources reach beyond the process: small requests, and files.
struct CredentialsAccess {
    /// Sends one request and waits for its reply.
    var send: (HTTPRequest) -> Result<HTTPResponse, HTTPFailure>
    /// A file's content; nil if it cannot be read.
    var read: (String) -> [UInt8]?

    /// Sends a request, up to three times where there is no answer or the server fails, and returns the body of a
    /// success.
    func body(_ request: HTTPRequest, attempts: Int = 3) throws(CredentialsFault) -> [UInt8] {
        var fault = CredentialsFault("was not asked")
        for _ in 0..<attempts {
            switch send(request) {
            case .success(let response) where response.status < 300: return response.body
            case .success(let response):
                fault = CredentialsFault("answered status \(response.status)")
                if response.status < 500 && response.status != 429 { throw fault }
            case .failure(let failure):
                fault = CredentialsFault("does not answer: \(failure.message)")
                if failure.code == .invalidRequest { throw fault }
            }
        }
        throw fault
    }
}
