internal import Foundation
internal import Glibc
internal import TestSupport

/// A server on loopback that answers as a closure says, each connection on a thread of its own, and remembers what it was
/// asked.
final class ScriptedServer: Sendable {
    struct Request: Sendable {
        let method: String
        let target: String
        /// Names in lower case.
        let fields: [(name: String, value: String)]
        let body: [UInt8]
        /// Which connection it came on, from 0.
        let connection: Int
        /// Its place among all requests, from 0.
        let index: Int

        func field(_ name: String) -> String? { fields.first { $0.name == name }?.value }
    }

    private struct State {
        var requests: [Request] = []
        var connections = 0
        var closed = 0
        var open: Set<Int32> = []
        var isStopped = false
    }

    let port: UInt16
    private let listener: Int32
    private let answer: @Sendable (Request) -> ScriptedReply
    private let changed = NSCondition()
    private let state = Guarded(State())

    init(_ answer: @escaping @Sendable (Request) -> ScriptedReply) {
        self.answer = answer
        let listening = ListeningSocket()
        listener = listening.descriptor
        port = listening.port
        Thread.detachNewThread { self.accept() }
    }

    var origin: String { "http://127.0.0.1:\(port)" }
    var requests: [Request] { locked { $0.requests } }
    var connections: Int { locked { $0.connections } }

    /// Waits until so many requests have been read whole, at most a minute.
    func waitForRequests(_ count: Int) -> Bool { wait { $0.requests.count >= count } }

    /// Waits until so many connections have been closed by either side.
    func waitForClosed(_ count: Int) -> Bool { wait { $0.closed >= count } }

    /// Ends listening and every connection.
    func stop() {
        locked { state in
            state.isStopped = true
            for connection in state.open { shutdown(connection, Int32(SHUT_RDWR)) }
        }
        shutdown(listener, Int32(SHUT_RDWR))
    }

    /// A port of loopback on which nothing listens.
    static func unusedPort() -> UInt16 {
        let listener = ListeningSocket()
        close(listener.descriptor)
        return listener.port
    }

    private func locked<Result>(_ body: (inout State) -> Result) -> Result {
        changed.lock()
        defer {
            changed.broadcast()
            changed.unlock()
        }
        return body(&state.value)
    }

    private func wait(_ condition: (State) -> Bool) -> Bool {
        changed.lock()
        defer { changed.unlock() }
        let limit = Date(timeIntervalSinceNow: 60)
        while !condition(state.value) { guard changed.wait(until: limit) else { return false } }
        return true
    }

    private func accept() {
        while true {
            let connection = Glibc.accept(listener, nil, nil)
            guard connection >= 0 else { break }
            let index = locked { state -> Int? in
                guard !state.isStopped else { return nil }
                state.connections += 1
                state.open.insert(connection)
                return state.connections - 1
            }
            guard let index else {
                close(connection)
                break
            }
            Thread.detachNewThread { self.serve(connection, index) }
        }
        close(listener)
    }

    private func serve(_ connection: Int32, _ index: Int) {
        var reader = RequestReader(connection)
        while let read = reader.next() {
            let request = locked { state in
                let request = Request(
                    method: read.method, target: read.target, fields: read.fields, body: read.body, connection: index,
                    index: state.requests.count)
                state.requests.append(request)
                return request
            }
            guard answer(request).deliver(to: connection) else { break }
        }
        locked { state in
            state.open.remove(connection)
            close(connection)
            state.closed += 1
        }
    }
}

/// A value that its owner's lock guards.
private final class Guarded<Value>: @unchecked Sendable {
    var value: Value

    init(_ value: Value) { self.value = value }
}

/// Reads requests off a connection.
private struct RequestReader {
    private let connection: Int32
    private var bytes: [UInt8] = []
    private var piece = [UInt8](repeating: 0, count: 65_536)

    init(_ connection: Int32) { self.connection = connection }

    mutating func next() -> (method: String, target: String, fields: [(name: String, value: String)], body: [UInt8])? {
        while true {
            if let end = bytes.firstRange(of: Array("\r\n\r\n".utf8)) {
                let lines = String(decoding: bytes[..<end.lowerBound], as: UTF8.self).components(separatedBy: "\r\n")
                let start = lines[0].split(separator: " ")
                let fields = lines.dropFirst().map { line in
                    let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
                    return (parts[0].lowercased(), parts.count > 1 ? String(parts[1].drop { $0 == " " }) : "")
                }
                let length = fields.first { $0.0 == "content-length" }.flatMap { Int($0.1) } ?? 0
                while bytes.count < end.upperBound + length { guard more() else { return nil } }
                let body = Array(bytes[end.upperBound..<end.upperBound + length])
                bytes.removeFirst(end.upperBound + length)
                return (String(start[0]), start.count > 1 ? String(start[1]) : "", fields, body)
            }
            guard more() else { return nil }
        }
    }

    private mutating func more() -> Bool {
        let count = recv(connection, &piece, piece.count, 0)
        if count > 0 { bytes += piece[..<count] }
        return count > 0
    }
}
