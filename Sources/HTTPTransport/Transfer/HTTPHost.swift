/// What a driver knows of one origin.
final class HTTPHost {
    let origin: HTTPOrigin
    /// Its transfers on the multi handle: each has a connection of its own.
    var running = 0
    /// What it is believed by, once one of the two did not do.
    var trust: HTTPTrust?
    /// Nil where one was taken.
    private var waiting: [Transfer?] = []
    private var first = 0

    init(_ origin: HTTPOrigin) { self.origin = origin }

    /// Puts a transfer at the end of the queue.
    func wait(_ transfer: Transfer) { waiting.append(transfer) }

    /// Takes the transfer that waited longest, leaving out those that ended while they did.
    func next() -> Transfer? {
        while first < waiting.count {
            let transfer = waiting[first]
            waiting[first] = nil
            first += 1
            if let transfer, transfer.result == nil { return transfer }
        }
        waiting.removeAll(keepingCapacity: true)
        first = 0
        return nil
    }

    /// Those that wait, in order.
    var queue: [Transfer] { waiting[first...].compactMap { $0 } }
}
