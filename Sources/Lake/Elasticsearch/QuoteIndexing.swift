internal import AWS
internal import LambdaRuntime

/// Sends the documents of one index, until all are dealt with or something stops it.
struct QuoteIndexing {
    private let elasticsearch: Elasticsearch
    private let index: String
    private let deadline: WorkDeadline

    /// What documents still have to be sent, and what became of the others.
    private(set) var queue: BulkQueue
    /// Why some are left; nil if none are.
    private(set) var fault: IndexingReport.Reason?

    init(
        _ documents: [QuoteDocument], into index: String, of elasticsearch: Elasticsearch, until deadline: WorkDeadline
    ) {
        queue = BulkQueue(documents)
        self.index = index
        self.elasticsearch = elasticsearch
        self.deadline = deadline
    }

    /// How many requests are under way at once: each holds a body.
    private static let requestsAtOnce = 4
    /// How often documents are sent again that the server could not take, before the whole batch is left to Lambda.
    private static let maximumRetries = 8

    /// Sends all that can be sent.
    /// - Throws: as ``Elasticsearch/bulk(_:into:)``.
    mutating func run() throws {
        var retry = 0
        while fault == nil {
            try sendWaiting()
            guard fault == nil, queue.isBusy else { return }
            retry += 1
            let isOver = deadline.hasPassed || retry > Self.maximumRetries
            guard !isOver, elasticsearch.pause(beforeRetry: retry) else {
                fault = queue.busyFault.map { .busy($0) } ?? .deadline
                return
            }
            queue.resendBusy()
        }
    }

    private mutating func sendWaiting() throws {
        while fault == nil {
            var batches: [BulkQueue.Batch] = []
            while batches.count < Self.requestsAtOnce, let batch = queue.next() { batches.append(batch) }
            guard !batches.isEmpty else { return }
            guard !deadline.hasPassed else {
                for batch in batches.reversed() { queue.takeBack(batch) }
                fault = .deadline
                return
            }
            let results: [Elasticsearch.BulkResult]
            do {
                results = try elasticsearch.bulk(batches, into: index)
            } catch {
                for batch in batches.reversed() { queue.takeBack(batch) }
                throw error
            }
            // From the last on, so that what comes again does so in the order of the records.
            for (batch, result) in zip(batches, results).reversed() {
                switch result {
                case .outcomes(let outcomes): queue.take(outcomes, of: batch)
                case .tooLarge: queue.tooLarge(batch)
                case .failed(let error):
                    queue.takeBack(batch)
                    fault = .fault(error)
                }
            }
            if let blocked = queue.blocked { fault = .blocked(blocked) }
        }
    }
}
