internal import Foundation
internal import Glibc
internal import Synchronization

/// A stand-in for CoinAPI on this machine, which gives one list of logos to whoever asks, until it is stopped. It runs on
/// a thread of its own, because the demo waits for the function meanwhile.
final class LogoServer {
    /// What the two threads share.
    private final class State: Sendable {
        let port = Mutex<UInt16?>(nil)
        let fault = Mutex<LocalRuntimeError?>(nil)
        let isStopped = Mutex(false)
        let started = DispatchSemaphore(value: 0)
        let ended = DispatchSemaphore(value: 0)
    }

    /// Where it answers.
    let url: String
    private let state = State()

    /// How long it waits for a request before it looks whether it is stopped, in milliseconds.
    private static let lookMs: Int32 = 20

    /// Starts answering with this list.
    init(_ list: [UInt8]) throws {
        let state = self.state
        Thread { Self.serve(list, state) }.start()
        state.started.wait()
        guard let port = state.port.withLock({ $0 }) else {
            throw state.fault.withLock { $0 } ?? LocalRuntimeError("the stand-in for CoinAPI did not start")
        }
        url = "http://127.0.0.1:\(port)"
    }

    /// Stops answering, and waits until the port is closed.
    func stop() {
        state.isStopped.withLock { $0 = true }
        state.ended.wait()
    }

    /// What its thread does: the listener is made, used and closed here alone.
    private static func serve(_ list: [UInt8], _ state: State) {
        defer { state.ended.signal() }
        let listener: LoopbackListener
        do throws(LocalRuntimeError) {
            listener = try LoopbackListener()
        } catch {
            state.fault.withLock { $0 = error }
            state.started.signal()
            return
        }
        state.port.withLock { $0 = listener.port }
        state.started.signal()
        while !state.isStopped.withLock({ $0 }) {
            var polled = listener.descriptors.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
            poll(&polled, nfds_t(polled.count), lookMs)
            listener.receive()
            while let (connection, request) = listener.nextRequest() {
                let isList = request.method == "GET" && request.path.hasPrefix("/v1/assets/icons/")
                listener.send(connection, status: isList ? 200 : 404, body: isList ? list : Array("[]".utf8))
            }
            _ = listener.dropEnded()
        }
    }
}
