internal import AWS
internal import Iceberg
internal import LambdaRuntime

/// Takes the records of one topic into an index: reads their bars, indexes the highest price of each asset and window,
/// and commits the records that are bad.
struct TopicIndexing {
    private let stream: StreamDefinition
    private let source: String
    private let index: String
    private let lake: Lake
    private let elasticsearch: Elasticsearch

    /// - Parameter source: identity of the Kafka cluster.
    init(
        _ stream: StreamDefinition, source: String, index: String, lake: Lake, _ elasticsearch: Elasticsearch
    ) {
        self.stream = stream
        self.source = source
        self.index = index
        self.lake = lake
        self.elasticsearch = elasticsearch
    }

    /// Takes these records, as far as the deadline, the server and the dead-letter table let it.
    /// - Parameter prepare: sees to the index before the first document is sent.
    func index(
        _ shards: [ShardRecords<KafkaRecord>], until deadline: WorkDeadline, _ context: Context,
        prepare: () throws -> Void
    ) -> IndexingReport {
        var report = IndexingReport()
        var taken = BarRecords(stream)
        taken.take(shards, until: deadline)
        report.dropped = taken.dropped
        report.tombstones = taken.tombstones
        report.reason = taken.reason

        // What is left of the time is for the dead letters.
        lake.deadline.milliseconds = deadline.requestMs.map { min($0, deadline.stopMs) }
        let documents = taken.maxima.documents
        var indexing = QuoteIndexing(documents, into: index, of: elasticsearch, until: deadline)
        if !documents.isEmpty {
            do {
                try prepare()
                try indexing.run()
                report.reason = indexing.fault ?? report.reason
            } catch {
                report.reason = .fault(error)
            }
        }
        report.indexed = indexing.queue.indexed
        report.unchanged = indexing.queue.unchanged
        report.resent = indexing.queue.resent
        for refusal in indexing.queue.refusals {
            taken.refuse(documents[refusal.document].record, index: index, refusal.fault)
        }
        // The record with the highest price stands for all of its asset and window: if it comes again, the document is
        // whole.
        for document in indexing.queue.remainder { taken.leave(documents[document].record) }

        lake.deadline.milliseconds = deadline.requestMs
        let letters = taken.letters
        do {
            report.deadLetters = try DeadLetterQueue(
                lake: lake, stream: stream, source: source, target: "elasticsearch:\(index)"
            ).commit(letters.map(\.letter), nowMs: context.clock.milliseconds, deadlineMs: deadline.commitMs)
        } catch {
            if let error = error as? IcebergError, error.code == .notFound { lake.forgetTables() }
            for letter in letters { taken.leave(letter.record) }
            report.reason = .fault(error)
        }
        report.remainder = taken.remainder
        return report
    }
}
