import Testing

@testable import AWS

@Suite struct ServiceEndpointTests {
    @Test(arguments: [
        ("https://s3.eu-west-1.amazonaws.com", "s3.eu-west-1.amazonaws.com", "", false),
        ("HTTPS://Host.Example:443/", "host.example", "", false), ("http://localhost:80", "localhost", "", true),
        ("http://127.0.0.1:8333/a/b//", "127.0.0.1:8333", "/a/b", true), ("http://[::1]:9", "[::1]:9", "", true),
        ("https://h:80", "h:80", "", false), ("http://127.1.2.300", "127.1.2.300", "", false),
        ("http://localhost.evil.com", "localhost.evil.com", "", false),
    ])
    func readsHostPortAndPath(_ text: String, _ authority: String, _ path: String, _ isLoopback: Bool) throws {
        let endpoint = try #require(ServiceEndpoint(text))
        #expect(endpoint.authority == authority)
        #expect(endpoint.basePath == path)
        #expect(endpoint.isLoopback == isLoopback)
    }

    @Test(arguments: [
        "", "host", "host:80", "ftp://h", "https://", "https:///p", "https://h:", "https://h:0", "https://h:65536",
        "https://h:+8", "https://h:x", "https://u@h", "https://h?q", "https://h#f", "https://h i", "https://h\\x",
        "https://hé", "https://[::1", "https://::1", "https://h/\u{7F}", "https://h%41",
    ])
    func refusesAllElse(_ text: String) { #expect(ServiceEndpoint(text) == nil) }

    @Test func noTextTraps() {
        for bytes in mutations(of: "https://u@[::1]:65535/a/b?c", count: 5_000, seed: 7) {
            if let endpoint = ServiceEndpoint(String(decoding: bytes, as: UTF8.self)) {
                #expect(ServiceEndpoint(endpoint.origin + endpoint.basePath) == endpoint)
            }
        }
    }
}
