internal import Glibc

/// A socket that listens on loopback.
public struct ListeningSocket: Sendable {
    /// What the system calls it; whoever made it closes it.
    public let descriptor: Int32
    /// The port, which the system chose.
    public let port: UInt16

    /// Listens on a free port; connections wait in the kernel until they are accepted.
    public init() {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                precondition(bind(listener, $0, size) == 0 && listen(listener, 512) == 0, "no port on loopback")
                getsockname(listener, $0, &size)
            }
        }
        descriptor = listener
        port = UInt16(bigEndian: address.sin_port)
    }
}
