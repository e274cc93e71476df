internal import JSON

/// Which documents the next `_bulk` request holds, and what became of each: pure, told of every reply.
struct BulkQueue {
    /// A body's size before it is compressed, in bytes, that is not passed while it holds more than one document.
    static let standardBytes = 8_000_000

    /// The documents of one request.
    struct Batch: Equatable {
        /// Their places among all.
        let documents: [Int]
        /// The body: two lines each.
        let lines: [UInt8]
    }

    /// A document that the server takes in no case.
    struct Refusal: Equatable {
        /// Its place.
        let document: Int
        /// Why.
        let fault: BulkFault
    }

    private let documents: [QuoteDocument]
    /// Those that are still to be sent, the next one last.
    private var waiting: [Int]
    /// Those that the server could not take just now.
    private var busy: [Int] = []
    /// What the server said of the last of these.
    private(set) var busyFault: BulkFault?
    private var limit: Int
    private var writer = JSONWriter()

    /// Documents that the index has taken.
    private(set) var indexed = 0
    /// Documents that were not above the index's own.
    private(set) var unchanged = 0
    /// Documents that were sent again, once for each time.
    private(set) var resent = 0
    /// Documents that the server refused.
    private(set) var refusals: [Refusal] = []
    /// Why the index cannot be written to, if it cannot.
    private(set) var blocked: BulkFault?

    /// All documents, in the order in which they are to be sent.
    init(_ documents: [QuoteDocument], limit: Int = BulkQueue.standardBytes) {
        self.documents = documents
        self.limit = limit
        waiting = Array(documents.indices.reversed())
    }

    /// The documents that are neither indexed nor refused, of whatever order.
    var remainder: [Int] { waiting + busy }

    /// Whether documents wait for another try.
    var isBusy: Bool { !busy.isEmpty }

    /// The documents of the next request; nil if none are left, or the index cannot be written to.
    mutating func next() -> Batch? {
        guard blocked == nil, !waiting.isEmpty else { return nil }
        var lines: [UInt8] = []
        var places: [Int] = []
        while let place = waiting.last {
            let end = lines.count
            documents[place].write(to: &writer, into: &lines)
            guard places.isEmpty || lines.count <= limit else {
                lines.removeSubrange(end...)
                break
            }
            places.append(place)
            waiting.removeLast()
        }
        return Batch(documents: places, lines: lines)
    }

    /// Takes what became of a batch's documents, of which there are as many.
    mutating func take(_ outcomes: [BulkOutcome], of batch: Batch) {
        for (place, outcome) in zip(batch.documents, outcomes) {
            switch outcome {
            case .indexed: indexed += 1
            case .unchanged: unchanged += 1
            case .busy(let fault):
                busy.append(place)
                busyFault = fault
            case .refused(let fault): refusals.append(Refusal(document: place, fault: fault))
            case .blocked(let fault):
                busy.append(place)
                blocked = fault
            }
        }
    }

    /// Takes back a batch that was not indexed, for whatever reason but its documents.
    mutating func takeBack(_ batch: Batch) { waiting += batch.documents.reversed() }

    /// Notes that a body was too large: it is sent again in halves, as is all that follows. A single document that is
    /// too large is refused.
    mutating func tooLarge(_ batch: Batch) {
        guard batch.documents.count > 1 else {
            for place in batch.documents {
                let fault = BulkFault(
                    status: 413, type: nil,
                    reason: "a request of \(batch.lines.count) bytes is too large for the server")
                refusals.append(Refusal(document: place, fault: fault))
            }
            return
        }
        limit = min(limit, (batch.lines.count + 1) / 2)
        takeBack(batch)
    }

    /// Lines up those documents again that the server could not take.
    mutating func resendBusy() {
        resent += busy.count
        waiting += busy.sorted(by: >)
        busy = []
    }
}
