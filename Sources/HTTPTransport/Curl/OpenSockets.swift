internal import CCurl
internal import Glibc

/// The sockets that libcurl holds, so that pooled connections can be ended when they have rested too long: libcurl
/// itself has no call for it.
final class OpenSockets {
    private var descriptors: Set<Int32> = []

    /// A new socket; -1 if there is none.
    func open(family: Int32, type: Int32, protocol: Int32) -> Int32 {
        let descriptor = socket(family, type | Int32(SOCK_CLOEXEC.rawValue), `protocol`)
        if descriptor >= 0 { descriptors.insert(descriptor) }
        return descriptor
    }

    /// Closes a socket that was opened here.
    func close(_ descriptor: Int32) -> Int32 {
        descriptors.remove(descriptor)
        return Glibc.close(descriptor)
    }

    /// Ends every connection. libcurl finds each of them ended before it would use it again, and closes the socket.
    func endAll() {
        for descriptor in descriptors { shutdown(descriptor, Int32(SHUT_RDWR)) }
    }
}
