internal import Glibc

/// What a scripted server sends back, and what it does then.
struct ScriptedReply: Sendable {
    enum Ending: Sendable { case open, close, reset, silence }

    var bytes: [UInt8]
    var ending = Ending.open
    var isByteByByte = false

    /// A response with a length.
    static func status(_ status: Int, _ body: String = "", fields: [(String, String)] = []) -> ScriptedReply {
        var text = "HTTP/1.1 \(status) Text\r\nContent-Length: \(body.utf8.count)\r\n"
        for (name, value) in fields { text += "\(name): \(value)\r\n" }
        return raw(text + "\r\n" + body)
    }

    /// Bytes as they stand; `\n` alone is not turned into a line end.
    static func raw(_ text: String, _ ending: Ending = .open) -> ScriptedReply {
        ScriptedReply(bytes: Array(text.utf8), ending: ending)
    }

    /// Nothing, until the connection ends.
    static let silence = ScriptedReply(bytes: [], ending: .silence)
    /// The end of the connection instead of a response.
    static let close = ScriptedReply(bytes: [], ending: .close)
    static let reset = ScriptedReply(bytes: [], ending: .reset)

    /// The same with another end.
    func then(_ ending: Ending) -> ScriptedReply {
        var copy = self
        copy.ending = ending
        return copy
    }

    /// Sends it.
    /// - Returns: whether the connection stays open.
    func deliver(to connection: Int32) -> Bool {
        var on: Int32 = 1
        setsockopt(connection, Int32(IPPROTO_TCP), TCP_NODELAY, &on, 4)
        if isByteByByte {
            for index in bytes.indices { write(bytes[index...index], connection) }
        } else {
            write(bytes[...], connection)
        }
        switch ending {
        case .open: return true
        case .close: return false
        case .reset:
            var linger = linger(l_onoff: 1, l_linger: 0)
            setsockopt(connection, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout<Glibc.linger>.size))
            return false
        case .silence:
            var byte: UInt8 = 0
            while recv(connection, &byte, 1, 0) > 0 {}
            return false
        }
    }

    private func write(_ bytes: ArraySlice<UInt8>, _ connection: Int32) {
        bytes.withUnsafeBytes { bytes in
            var sent = 0
            while sent < bytes.count {
                let count = send(connection, bytes.baseAddress! + sent, bytes.count - sent, Int32(MSG_NOSIGNAL))
                guard count > 0 else { return }
                sent += count
            }
        }
    }
}
