internal import CAres
internal import Glibc

/// Addresses as `getaddrinfo` lists them, in one piece of memory.
enum AddressList {
    /// One of them, beside what points to it.
    private struct Element {
        var entry: addrinfo
        var address: sockaddr_storage
    }

    /// The addresses of a family that c-ares found, or of IPv4 and IPv6 for `AF_UNSPEC`; nil if there is none.
    static func make(of found: UnsafeMutablePointer<ares_addrinfo>, family: Int32) -> UnsafeMutablePointer<addrinfo>? {
        var usable: [ares_addrinfo_node] = []
        var node = found.pointee.nodes
        while let current = node {
            if isUsable(current.pointee, family) { usable.append(current.pointee) }
            node = current.pointee.ai_next
        }
        let stride = MemoryLayout<Element>.stride
        guard !usable.isEmpty, let memory = calloc(usable.count, stride) else { return nil }
        for (index, node) in usable.enumerated() {
            let element = (memory + index * stride).bindMemory(to: Element.self, capacity: 1)
            let address = withUnsafeMutablePointer(to: &element.pointee.address) { UnsafeMutableRawPointer($0) }
            address.copyMemory(from: node.ai_addr, byteCount: Int(node.ai_addrlen))
            element.pointee.entry.ai_family = node.ai_family
            element.pointee.entry.ai_socktype = node.ai_socktype
            element.pointee.entry.ai_protocol = node.ai_protocol
            element.pointee.entry.ai_addrlen = socklen_t(node.ai_addrlen)
            element.pointee.entry.ai_addr = address.assumingMemoryBound(to: sockaddr.self)
            if index + 1 < usable.count {
                element.pointee.entry.ai_next = (memory + (index + 1) * stride).assumingMemoryBound(to: addrinfo.self)
            }
        }
        return memory.assumingMemoryBound(to: addrinfo.self)
    }

    /// Takes back what `make` gave.
    static func free(_ list: UnsafeMutablePointer<addrinfo>?) { Glibc.free(list) }

    private static func isUsable(_ node: ares_addrinfo_node, _ family: Int32) -> Bool {
        guard node.ai_addr != nil, family == AF_UNSPEC || family == node.ai_family else { return false }
        return switch node.ai_family {
        case AF_INET: Int(node.ai_addrlen) == MemoryLayout<sockaddr_in>.size
        case AF_INET6: Int(node.ai_addrlen) == MemoryLayout<sockaddr_in6>.size
        default: false
        }
    }
}
