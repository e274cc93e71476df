import Foundation
import Testing

@testable import swiftlake

@Suite struct LogoServerTests {
    @Test func theListIsGivenUntilTheServerIsStopped() throws {
        let server = try LogoServer(Array("[1]".utf8))
        let url = try #require(URL(string: server.url))
        #expect(url.host() == "127.0.0.1")
        let list = url.appending(path: "v1/assets/icons/32")
        #expect(try Data(contentsOf: list) == Data("[1]".utf8))
        #expect(throws: (any Error).self) { try Data(contentsOf: url.appending(path: "other")) }
        server.stop()
        #expect(throws: (any Error).self) { try Data(contentsOf: list) }
    }
}
