/// Requests that are on their way together. Let go unfinished, it gives them up: their connections are closed.
/// One thread may use it, that of its transport.
public final class HTTPExchange {
    /// What became of a request: on its way, or over before it began.
    enum Part {
        case transfer(Transfer)
        case failure(HTTPFailure)
    }

    let parts: [Part]
    /// Nil if nothing was ever on its way.
    let driver: TransferDriver?

    init(_ parts: [Part], driver: TransferDriver?) {
        self.parts = parts
        self.driver = driver
    }

    deinit { driver?.abandon(transfers) }

    /// Whether every request has its result, so that finishing does not wait.
    public var isFinished: Bool { transfers.allSatisfy { $0.result != nil } }

    var transfers: [Transfer] {
        parts.compactMap { part in if case .transfer(let transfer) = part { transfer } else { nil } }
    }
}
