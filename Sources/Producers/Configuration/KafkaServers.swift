/// The bootstrap servers that a setting lists, `host:port,host:port`.
enum KafkaServers {
    /// Reads a list; nil if it names none, or something in it is none.
    static func parse(_ text: String) -> [String]? {
        var servers: [String] = []
        for part in text.utf8.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false) {
            let server = part.drop(while: isSpace).reversed().drop(while: isSpace).reversed()
            guard isServer(server) else { return nil }
            let text = String(decoding: server, as: UTF8.self)
            if !servers.contains(text) { servers.append(text) }
        }
        return servers
    }

    /// The region that a broker of MSK lies in, as its name says, such as `b-1.lake.a1b2c3.c2.kafka.eu-west-1.amazonaws.com`
    /// or `boot-a1b2c3.c1.kafka-serverless.eu-west-1.amazonaws.com`; nil for another name.
    static func region(ofServer server: String) -> String? {
        let host = server.split(separator: ":", maxSplits: 1).first ?? ""
        var labels = host.split(separator: ".", omittingEmptySubsequences: false)
        if labels.last == "cn" { labels.removeLast() }
        guard labels.count >= 5, labels.removeLast() == "com", labels.removeLast() == "amazonaws",
            let region = labels.popLast(), let service = labels.popLast(), !region.isEmpty,
            service == "kafka" || service == "kafka-serverless"
        else { return nil }
        return String(region)
    }

    /// Whether bytes are `host:port` or `[address]:port`.
    private static func isServer(_ server: some BidirectionalCollection<UInt8>) -> Bool {
        guard let colon = server.lastIndex(of: UInt8(ascii: ":")) else { return false }
        let port = server[server.index(after: colon)...]
        guard (1...5).contains(port.count), port.allSatisfy({ (0x30...0x39).contains($0) }),
            let number = Int(String(decoding: port, as: UTF8.self)), (1...65_535).contains(number)
        else { return false }
        let host = server[..<colon]
        if host.first == UInt8(ascii: "["), host.last == UInt8(ascii: "]") {
            let address = host.dropFirst().dropLast()
            return address.contains(UInt8(ascii: ":"))
                && address.allSatisfy { isHexadecimal($0) || $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: ".") }
        }
        return (1...253).contains(host.count) && host.allSatisfy(isHostByte)
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }

    private static func isHexadecimal(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x46).contains(byte) || (0x61...0x66).contains(byte)
    }

    private static func isHostByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"): true
        default: false
        }
    }
}
