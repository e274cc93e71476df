import Testing

@testable import LambdaRuntime

struct RuntimeEndpointTests {
    @Test func addressesAreNumbersOrLocalhost() throws {
        let four = try #require(RuntimeEndpoint("169.254.100.1:9001"))
        #expect(four.address == [169, 254, 100, 1] && four.port == 9001 && four.authority == "169.254.100.1:9001")
        #expect(RuntimeEndpoint("localhost:80")?.address == [127, 0, 0, 1])
        #expect(RuntimeEndpoint("[::1]:9001")?.address == [UInt8](repeating: 0, count: 15) + [1])
    }

    @Test(arguments: [
        "", ":", "127.0.0.1", "127.0.0.1:", "127.0.0.1:0", "127.0.0.1:65536", "127.0.0.1:-1", "127.0.0.1:+1",
        "127.0.0.1:9001/x", "127.0.0.256:1", "example.com:80", "::1:80", "[::1:80", "1:2:3", "[x]:1",
    ])
    func otherTextsAreRefused(text: String) { #expect(RuntimeEndpoint(text) == nil) }
}
