internal import Glibc

/// Scheme, host and port of a URL: what a connection is made to (RFC 9110 §4.3.1).
///
/// Only plain forms are taken, so that libcurl cannot read another host out of the same URL: letters, digits, dots,
/// hyphens and underscores, or an IPv6 address in brackets; no user, no escapes.
struct HTTPOrigin: Hashable {
    let isSecure: Bool
    /// In lower case; an IPv6 address with its brackets.
    let host: String
    let port: UInt16

    /// The origin of an absolute URL that may be sent as it stands.
    init(url: String) throws(HTTPFailure) {
        var url = url
        let parsed = url.withUTF8 { Self.parse($0) }
        guard let parsed else {
            throw HTTPFailure(
                .invalidRequest,
                "a URL is not of the form https://host[:port]/path, percent-encoded, without user and fragment",
                mayHaveActed: false)
        }
        self = parsed
        guard isSecure || isReachedInPlain else {
            throw HTTPFailure(
                .invalidRequest, "http:// is for loopback and the metadata addresses only: use https:// for \(name)",
                mayHaveActed: false)
        }
    }

    private init(isSecure: Bool, host: String, port: UInt16) {
        self.isSecure = isSecure
        self.host = host
        self.port = port
    }

    /// `host:port`, for messages.
    var name: String { "\(host):\(port)" }

    /// Whether Amazon's roots are tried first: hosts of AWS, which descend from Amazon Trust Services
    /// (https://www.amazontrust.com/repository/).
    var isAmazon: Bool {
        isSecure && [".amazonaws.com", ".amazonaws.com.cn", ".api.aws"].contains { host.hasSuffix($0) }
    }

    /// Whether HTTP without TLS goes no further than this machine: loopback, or the addresses of the metadata and
    /// container credential services, which are link-local and offer no TLS.
    private var isReachedInPlain: Bool {
        if host == "localhost" { return true }
        var address = in_addr()
        if inet_pton(AF_INET, host, &address) == 1 {
            let number = UInt32(bigEndian: address.s_addr)
            // 169.254.169.254 (instance metadata), 169.254.170.2 (ECS) and 169.254.170.23 (EKS)
            return number >> 24 == 127 || [0xA9FE_A9FE, 0xA9FE_AA02, 0xA9FE_AA17].contains(number)
        }
        guard host.hasPrefix("[") else { return false }
        let text = String(host.dropFirst().dropLast())
        return ["::1", "fd00:ec2::254", "fd00:ec2::23"].contains { Self.isSameIPv6(text, $0) }
    }

    private static func isSameIPv6(_ left: String, _ right: String) -> Bool {
        var addresses = (in6_addr(), in6_addr())
        guard inet_pton(AF_INET6, left, &addresses.0) == 1, inet_pton(AF_INET6, right, &addresses.1) == 1 else {
            return false
        }
        return memcmp(&addresses.0, &addresses.1, MemoryLayout<in6_addr>.size) == 0
    }

    private static func parse(_ url: UnsafeBufferPointer<UInt8>) -> HTTPOrigin? {
        guard url.count <= 65_536, url.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "#") }) else {
            return nil
        }
        let isSecure: Bool
        var rest = url[...]
        if url.starts(with: "https://".utf8) {
            isSecure = true
            rest = rest.dropFirst(8)
        } else if url.starts(with: "http://".utf8) {
            isSecure = false
            rest = rest.dropFirst(7)
        } else {
            return nil
        }
        var authority = rest.prefix { $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "?") }
        var port: UInt16 = isSecure ? 443 : 80
        let isIPv6 = authority.first == UInt8(ascii: "[")
        if let colon = authority.lastIndex(of: UInt8(ascii: ":")), !isIPv6 || authority[colon...].count < 7,
            !isIPv6 || authority[..<colon].last == UInt8(ascii: "]")
        {
            let digits = authority[(colon + 1)...]
            guard digits.allSatisfy(\.isDigit),
                let number = UInt16(String(decoding: digits, as: UTF8.self)), number > 0
            else { return nil }
            port = number
            authority = authority[..<colon]
        }
        let isWellFormed =
            if isIPv6 {
                authority.last == UInt8(ascii: "]") && authority.dropFirst().dropLast().allSatisfy(isIPv6Byte)
                    && isSameIPv6Form(authority)
            } else {
                !authority.isEmpty && authority.count <= 253 && authority.allSatisfy(isNameByte)
            }
        guard isWellFormed else { return nil }
        let host = String(decoding: authority.lazy.map(\.lowercased), as: UTF8.self)
        return HTTPOrigin(isSecure: isSecure, host: host, port: port)
    }

    private static func isSameIPv6Form(_ authority: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
        let text = String(decoding: authority.dropFirst().dropLast(), as: UTF8.self)
        return isSameIPv6(text, text)
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        let lower = byte.lowercased
        return lower >= UInt8(ascii: "a") && lower <= UInt8(ascii: "z") || byte.isDigit
            || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
    }

    private static func isIPv6Byte(_ byte: UInt8) -> Bool {
        let lower = byte.lowercased
        return lower >= UInt8(ascii: "a") && lower <= UInt8(ascii: "f") || byte.isDigit
            || byte == UInt8(ascii: ":") || byte == UInt8(ascii: ".")
    }
}
