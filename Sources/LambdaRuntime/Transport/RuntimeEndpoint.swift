internal import Glibc

/// Where the Runtime API listens: `AWS_LAMBDA_RUNTIME_API`, an address and a port.
///
/// Addresses are numbers, or `localhost`: Lambda and its emulators give `127.0.0.1:9001`, and a static binary should
/// not load the host's name service for it.
struct RuntimeEndpoint: Equatable, Sendable {
    /// As it was given, for the `Host` header.
    let authority: String
    /// IPv4 in network order, or 16 bytes of IPv6.
    let address: [UInt8]
    let port: UInt16

    /// Nil unless the text is `address:port`, with IPv6 in brackets.
    init?(_ text: String) {
        guard let colon = text.utf8.lastIndex(of: UInt8(ascii: ":")) else { return nil }
        let digits = text[text.utf8.index(after: colon)...]
        guard let port = UInt16(digits), port > 0, digits.utf8.allSatisfy({ $0 &- UInt8(ascii: "0") <= 9 }) else {
            return nil
        }
        let host = String(text[..<colon])
        if host == "localhost" {
            address = [127, 0, 0, 1]
        } else if host.hasPrefix("["), host.hasSuffix("]") {
            guard let address = Self.parse(AF_INET6, String(host.dropFirst().dropLast()), bytes: 16) else { return nil }
            self.address = address
        } else {
            guard let address = Self.parse(AF_INET, host, bytes: 4) else { return nil }
            self.address = address
        }
        self.authority = text
        self.port = port
    }

    private static func parse(_ family: Int32, _ text: String, bytes count: Int) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: count)
        return inet_pton(family, text, &bytes) == 1 ? bytes : nil
    }
}
