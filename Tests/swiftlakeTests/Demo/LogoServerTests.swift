import Glibc
import Testing

@testable import swiftlake

@Suite struct LogoServerTests {
    /// What a port of this machine answers to a request, or nil if nobody listens there.
    private func answer(_ port: UInt16, _ path: String) -> String? {
        let connection = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(connection) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let isConnected = withUnsafePointer(to: &address) { address in
            address.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(connection, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
        guard isConnected else { return nil }
        let request = Array("GET \(path) HTTP/1.1\r\nHost: localhost\r\n\r\n".utf8)
        guard send(connection, request, request.count, 0) == request.count else { return nil }
        var text = ""
        var piece = [UInt8](repeating: 0, count: 4096)
        while !text.hasSuffix("]") {
            let count = recv(connection, &piece, piece.count, 0)
            guard count > 0 else { break }
            text += String(decoding: piece[..<count], as: UTF8.self)
        }
        return text
    }

    @Test func theListIsGivenUntilTheServerIsStopped() throws {
        let server = try LogoServer(Array("[1]".utf8))
        let port = try #require(server.url.split(separator: ":").last.flatMap { UInt16($0) })
        #expect(server.url == "http://127.0.0.1:\(port)")
        let list = try #require(answer(port, "/v1/assets/icons/32"))
        #expect(list.hasPrefix("HTTP/1.1 200 ") && list.hasSuffix("\r\n\r\n[1]"))
        #expect(answer(port, "/other")?.hasPrefix("HTTP/1.1 404 ") == true)
        server.stop()
        #expect(answer(port, "/v1/assets/icons/32") == nil)
    }
}
