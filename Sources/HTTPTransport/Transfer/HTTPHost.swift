/// What a driver knows of one origin.
final class HTTPHost {
    let origin: HTTPOrigin
    /// Its transfers on the multi handle: each has a connection of its own.
    var running = 0
    /// Whether Amazon's roots did not do for it.
    var needsBundle = false
    private var waiting: [Transfer] = []
    private var first = 0

    init(_ origin: HTTPOrigin) { self.origin = origin }

    /// Puts a transfer at the end of the queue.
    func wait(_ transfer: Transfer) { waiting.append(transfer) }

    /// Takes the transfer that waited longest.
    func next() -> Transfer? {
        while first < waiting.count {
            let transfer = waiting[first]
            first += 1
            if first == waiting.count {
                waiting.removeAll(keepingCapacity: true)
                first = 0
            }
            if transfer.result == nil { return transfer }
        }
        return nil
    }

    /// Those that wait, in order.
    var queue: ArraySlice<Transfer> { waiting[first...] }
}
