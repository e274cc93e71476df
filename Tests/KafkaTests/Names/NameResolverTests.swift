import Glibc
import Testing

@testable import Kafka

@Suite struct NameResolverTests {
    private let names = NameResolver()

    /// The addresses as text, and the ports.
    private func resolve(_ host: String, _ service: String?, family: Int32 = AF_UNSPEC) -> (
        code: Int32, found: [String]
    ) {
        var hints = addrinfo()
        hints.ai_family = family
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        hints.ai_protocol = Int32(IPPROTO_TCP)
        var list: UnsafeMutablePointer<addrinfo>?
        let code =
            if let service {
                service.withCString { names.resolve(host, service: $0, hints: &hints, into: &list) }
            } else { names.resolve(host, service: nil, hints: &hints, into: &list) }
        defer { names.free(list) }
        var found: [String] = []
        var entry = list
        while let current = entry {
            var host = [CChar](repeating: 0, count: 64)
            var port = [CChar](repeating: 0, count: 8)
            let flags = NI_NUMERICHOST | NI_NUMERICSERV
            getnameinfo(current.pointee.ai_addr, current.pointee.ai_addrlen, &host, 64, &port, 8, flags)
            found.append("\(text(host)) \(text(port))")
            entry = current.pointee.ai_next
        }
        return (code, found)
    }

    /// The text before the NUL.
    private func text(_ characters: [CChar]) -> String {
        String(decoding: characters.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    @Test(arguments: [("127.0.0.1", "127.0.0.1 9092"), ("::1", "::1 9092"), ("10.255.0.9", "10.255.0.9 9092")])
    func anAddressIsItself(_ host: String, _ found: String) {
        #expect(resolve(host, "9092") == (0, [found]))
    }

    @Test func localhostIsThisMachine() {
        #expect(resolve("localhost", "9098", family: AF_INET) == (0, ["127.0.0.1 9098"]))
        #expect(resolve("localhost", "9098").found.contains("127.0.0.1 9098"))
    }

    @Test func aPortThatIsNoneIsAnError() {
        let answer = resolve("127.0.0.1", "no port")
        #expect(answer.code != 0 && answer.found.isEmpty)
    }

    @Test func aLookUpThatIsGivenUpHasNoAnswer() {
        names.giveUp()
        #expect(resolve("broker.invalid", "9092").code == EAI_AGAIN)
        names.goOn()
        #expect(resolve("localhost", "9092", family: AF_INET).code == 0)
    }

    @Test func anAddressOfTheWrongFamilyIsNone() {
        #expect(resolve("127.0.0.1", "9092", family: AF_INET6).code != 0)
    }
}
