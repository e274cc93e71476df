internal import Foundation
internal import Glibc
import Synchronization
internal import TestSupport

@testable import LambdaRuntime

/// A Runtime API on loopback that answers as a closure says, and remembers what it was asked.
final class ScriptedAPI: Sendable {
    struct Request: Sendable {
        let method: String
        let path: String
        let headers: [String: String]
        let body: [UInt8]

        var call: String { "\(method) \(path.replacing("/2018-06-01/runtime/", with: ""))" }
        var text: String { String(decoding: body, as: UTF8.self) }
    }

    /// What is sent back, and how.
    struct Reply: Sendable {
        enum Delivery: Sendable { case whole, byteByByte, cut(Int), reset(Int) }
        var bytes: [UInt8]
        var delivery = Delivery.whole
        var closes = false

        /// A response with a length.
        static func status(_ status: Int, _ body: String = "{}", headers: [(String, String)] = []) -> Reply {
            var text = "HTTP/1.1 \(status) Text\r\nContent-Length: \(body.utf8.count)\r\n"
            for (name, value) in headers { text += "\(name): \(value)\r\n" }
            return Reply(bytes: Array((text + "\r\n" + body).utf8))
        }

        /// An invocation.
        static func event(_ body: String = "{}", id: String = "id-1", headers: [(String, String)] = []) -> Reply {
            status(200, body, headers: [("Lambda-Runtime-Aws-Request-Id", id)] + headers)
        }

        func delivered(_ delivery: Delivery) -> Reply {
            var copy = self
            copy.delivery = delivery
            return copy
        }

        var closing: Reply {
            var copy = self
            copy.closes = true
            return copy
        }
    }

    private let listener: Int32
    let port: UInt16
    private let answer: @Sendable (Request, Int) -> Reply
    private let seen = Mutex<(requests: [Request], connections: Int)>(([], 0))
    private let isStopped = Mutex(false)

    /// - Parameter answer: called with each request and how many came before it.
    init(_ answer: @escaping @Sendable (Request, Int) -> Reply) {
        self.answer = answer
        let listening = ListeningSocket()
        listener = listening.descriptor
        port = listening.port
        Thread.detachNewThread { self.serve() }
    }

    var endpoint: RuntimeEndpoint { RuntimeEndpoint("127.0.0.1:\(port)")! }
    var requests: [Request] { seen.withLock { $0.requests } }
    var calls: [String] { requests.map(\.call) }
    var connections: Int { seen.withLock { $0.connections } }

    func stop() {
        isStopped.withLock { $0 = true }
        shutdown(listener, Int32(SHUT_RDWR))
    }

    private func serve() {
        while true {
            let connection = accept(listener, nil, nil)
            guard connection >= 0, !isStopped.withLock({ $0 }) else { break }
            seen.withLock { $0.connections += 1 }
            var on: Int32 = 1
            setsockopt(connection, Int32(IPPROTO_TCP), TCP_NODELAY, &on, 4)
            while let request = read(connection) {
                let index = seen.withLock { seen in
                    seen.requests.append(request)
                    return seen.requests.count - 1
                }
                guard send(answer(request, index), connection) else { break }
            }
            close(connection)
        }
        close(listener)
    }

    private func read(_ connection: Int32) -> Request? {
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 65536)
        func more() -> Bool {
            let count = recv(connection, &piece, piece.count, 0)
            if count > 0 { bytes += piece[..<count] }
            return count > 0
        }
        while true {
            if let end = bytes.firstRange(of: Array("\r\n\r\n".utf8)) {
                let lines = String(decoding: bytes[..<end.lowerBound], as: UTF8.self).split(separator: "\r\n")
                let start = lines[0].split(separator: " ")
                var headers: [String: String] = [:]
                for line in lines.dropFirst() {
                    let parts = line.split(separator: ":", maxSplits: 1)
                    headers[parts[0].lowercased()] = parts[1].drop { $0 == " " }.description
                }
                let length = Int(headers["content-length"] ?? "0") ?? 0
                while bytes.count < end.upperBound + length { guard more() else { return nil } }
                return Request(
                    method: String(start[0]), path: String(start[1]), headers: headers,
                    body: Array(bytes[end.upperBound...]))
            }
            guard more() else { return nil }
        }
    }

    /// False if the connection must end.
    private func send(_ reply: Reply, _ connection: Int32) -> Bool {
        switch reply.delivery {
        case .whole:
            write(reply.bytes[...], connection)
            return !reply.closes
        case .byteByByte:
            for index in reply.bytes.indices { write(reply.bytes[index...index], connection) }
            return !reply.closes
        case .cut(let count):
            write(reply.bytes[..<count], connection)
            return false
        case .reset(let count):
            write(reply.bytes[..<count], connection)
            var linger = linger(l_onoff: 1, l_linger: 0)
            setsockopt(connection, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout<Glibc.linger>.size))
            return false
        }
    }

    private func write(_ bytes: ArraySlice<UInt8>, _ connection: Int32) {
        bytes.withUnsafeBytes { bytes in
            var sent = 0
            while sent < bytes.count {
                let count = Glibc.send(connection, bytes.baseAddress! + sent, bytes.count - sent, Int32(MSG_NOSIGNAL))
                guard count > 0 else { return }
                sent += count
            }
        }
    }
}
