/// Where a service answers: the part of a URL before a call's own path.
public struct ServiceEndpoint: Equatable, Sendable {
    /// `https`, or `http` of this very machine.
    public let scheme: String
    /// The host's name in lower case, or its address; one of IPv6 in brackets.
    public let host: String
    /// The port; nil if it is the scheme's own.
    public let port: Int?
    /// What every path starts with, without a slash at its end; mostly empty.
    public let basePath: String

    /// Reads `scheme://host[:port][/path]`; nil if it is no such text, or names a user, a query or a fragment.
    public init?(_ text: String) {
        guard let colon = text.firstOccurrence(of: "://") else { return nil }
        let scheme = text[..<colon.lowerBound].lowercased()
        guard scheme == "https" || scheme == "http" else { return nil }
        let rest = text[colon.upperBound...]
        guard rest.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && !Self.refused.contains($0) }) else { return nil }
        let slash = rest.firstIndex(of: "/") ?? rest.endIndex
        guard let (host, port) = Self.authority(rest[..<slash]) else { return nil }
        self.scheme = scheme
        self.host = host
        self.port = port == (scheme == "https" ? 443 : 80) ? nil : port
        var path = rest[slash...]
        while path.hasSuffix("/") { path.removeLast() }
        basePath = String(path)
    }

    /// The host as the `Host` field names it: with the port, where that is not the scheme's own.
    public var authority: String { port.map { "\(host):\($0)" } ?? host }

    /// `scheme://host[:port]`, without the base path.
    public var origin: String { "\(scheme)://\(authority)" }

    /// Whether the host is this very machine, by a name or address that can be no other.
    public var isLoopback: Bool {
        if host == "localhost" || host == "[::1]" { return true }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }

    /// `@`, `?`, `#` and `\`: a user's name, a query, a fragment, and what some readers take for a slash.
    private static let refused: [UInt8] = Array("@?#\\".utf8)

    private static func authority(_ text: Substring) -> (host: String, port: Int?)? {
        var host = text
        var port: Int?
        let bracket = text.lastIndex(of: "]")
        if let colon = text.lastIndex(of: ":"), bracket.map({ $0 < colon }) ?? true {
            host = text[..<colon]
            let digits = text[text.index(after: colon)...]
            guard let number = UInt16(digits), number > 0, !digits.hasPrefix("+") else { return nil }
            port = Int(number)
        }
        let isAddress = host.hasPrefix("[") && host.hasSuffix("]") && host.utf8.count > 4
        let inner = isAddress ? host.dropFirst().dropLast() : host
        guard !inner.isEmpty, inner.utf8.allSatisfy({ isOfHost($0) || isAddress && $0 == UInt8(ascii: ":") }) else {
            return nil
        }
        return (host.lowercased(), port)
    }

    private static func isOfHost(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"):
            true
        default: false
        }
    }
}
