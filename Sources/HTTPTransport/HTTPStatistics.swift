/// What a transport has done since it was made.
public struct HTTPStatistics: Equatable, Sendable {
    /// Requests that began to be sent, sendings again and redirects included.
    public internal(set) var requests = 0
    /// Connections that were made, handshake included.
    public internal(set) var connections = 0
    /// TLS handshakes that succeeded.
    public internal(set) var handshakes = 0
    /// Requests sent again because a pooled connection ended before any byte of the response.
    public internal(set) var resends = 0

    /// Nothing done yet.
    public init() {}
}
