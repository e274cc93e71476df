internal import AWS
internal import EventSources
internal import HTTPTransport
internal import Synchronization

/// One shard of a Kinesis stream of a service, for the one mapping that reads it. Records are numbered from where it
/// began to read; their sequence numbers are the service's.
final class KinesisSource: EventSource {
    /// The one shard.
    let shards: [String]
    private let stream: String
    private let parents: Set<String>
    private let finished: FinishedShards
    private let reader: Mutex<Reader>

    /// What one thread at a time works with.
    private struct Reader {
        let kinesis: Kinesis
        var iterator: String?
        /// The last record that came.
        var last: String?
        var next: Int64 = 0
        var arrived: [StreamRecord] = []
        var isBehind = true
        /// Whether a closed shard was read to its end.
        var isExhausted = false
        var dueMs: Int64 = 0
    }

    /// A shard takes five calls a second of all its readers.
    private static let pauseMs: Int64 = 400
    private static let pageRecords = 1_000

    /// Prepares to read; nothing is asked yet.
    /// - Parameters:
    ///   - last: the last sequence number that is in the table; nil for the stream's oldest record.
    ///   - finished: the shards that the function has read to their end: a shard waits for those it was made from.
    init(
        _ kinesis: sending Kinesis, stream: String, shard: Kinesis.Shard, after last: String?, known: Set<String>,
        finished: FinishedShards
    ) {
        self.stream = stream
        shards = [shard.id]
        parents = Set(shard.parents).intersection(known)
        self.finished = finished
        reader = Mutex(Reader(kinesis: kinesis, last: last))
    }

    func read(_ shard: String, from offset: Int64, atMost count: Int) throws -> [StreamRecord] {
        try reader.withLock { reader in
            try fetch(&reader)
            if let first = reader.arrived.first, first.offset < offset {
                reader.arrived.removeAll { $0.offset < offset }
            }
            let records = Array(reader.arrived.prefix(count))
            reader.arrived.removeFirst(records.count)
            return records
        }
    }

    func start(of shard: String) -> Int64 { 0 }

    /// Behind what has come; one more where the service has more.
    func end(of shard: String) -> Int64 { reader.withLock { $0.next + ($0.isBehind ? 1 : 0) } }

    func wait(for positions: [String: Int64], atMostMs milliseconds: Int64) throws {
        let (isReady, dueMs) = reader.withLock { (!$0.arrived.isEmpty, $0.isExhausted ? .max : $0.dueMs) }
        guard !isReady else { return }
        Lane.sleep(min(milliseconds, max(1, dueMs - Lane.nowMs())))
    }

    /// Notes that everything before an offset is settled: once that is all of a closed shard, its children may be read.
    func settled(before offset: Int64) {
        let isFinished = reader.withLock { $0.isExhausted && $0.arrived.isEmpty && offset >= $0.next }
        if isFinished { finished.add(shards[0]) }
    }

    /// Whether the shard is closed and read to its end.
    var isExhausted: Bool { reader.withLock { $0.isExhausted } }

    private func fetch(_ reader: inout Reader) throws {
        let now = Lane.nowMs()
        guard !reader.isExhausted, reader.arrived.count < Self.pageRecords, now >= reader.dueMs,
            finished.contains(all: parents)
        else { return }
        reader.dueMs = now + Self.pauseMs
        // Until the service has answered, there may be more.
        reader.isBehind = true
        // Asked first: what came before the shard was closed is in the page then.
        let isClosed = finished.isClosed(shards[0])
        let iterator =
            try reader.iterator
            ?? reader.kinesis.iterator(
                of: shards[0], in: stream, from: reader.last.map { .after(sequenceNumber: $0) } ?? .trimHorizon)
        let page: Kinesis.Page
        do {
            page = try reader.kinesis.records(iterator, limit: Self.pageRecords)
        } catch {
            // The next call asks for another one: this one may be too old.
            reader.iterator = nil
            throw error
        }
        for record in page.records {
            reader.arrived.append(
                StreamRecord(
                    shard: shards[0], offset: reader.next, sequenceNumber: record.sequenceNumber,
                    key: Array(record.partitionKey.utf8), value: record.data, timestampMs: record.arrivalMs))
            reader.next += 1
            reader.last = record.sequenceNumber
        }
        reader.iterator = page.next
        // The service ends a closed shard by giving no further iterator; stand-ins for it give them for ever.
        let isAtEnd = page.records.isEmpty && page.millisecondsBehind == 0
        reader.isExhausted = page.next == nil || isClosed && isAtEnd
        reader.isBehind = !reader.isExhausted && !isAtEnd
    }
}

/// The shards of a stream that are closed, and those of them that a function has taken to their end.
final class FinishedShards: Sendable {
    private let shards = Mutex<(closed: Set<String>, finished: Set<String>)>(([], []))

    /// Notes the shards that a listing calls closed.
    func close(_ closed: Set<String>) { shards.withLock { $0.closed.formUnion(closed) } }
    func isClosed(_ shard: String) -> Bool { shards.withLock { $0.closed.contains(shard) } }
    func add(_ shard: String) { shards.withLock { _ = $0.finished.insert(shard) } }
    func contains(all wanted: Set<String>) -> Bool { shards.withLock { wanted.isSubset(of: $0.finished) } }
}

/// Clients of Kinesis: one for each thread that calls it.
struct KinesisService {
    private let configuration: AWSConfiguration
    private let profiles: AWSProfiles?

    /// Reads region, endpoint and credentials as the SDKs do.
    init(_ environment: [String: String]) throws(CommandFailure) {
        do throws(AWSConfigurationError) {
            let read = try AWSConfiguration(environment: environment)
            profiles = try? AWSProfiles(read)
            var configuration = read
            configuration.region = configuration.region ?? profiles?.region
            self.configuration = configuration
        } catch {
            throw CommandFailure("\(error)")
        }
        guard configuration.region != nil else {
            throw CommandFailure("--kinesis needs a region: set AWS_REGION, for example to eu-west-1")
        }
    }

    /// A client for one thread.
    func client() -> Kinesis {
        let deadline = RequestDeadline()
        let credentials = CredentialsChain(configuration, deadline: deadline, profiles: profiles)
        return Kinesis(
            ServiceClient(
                configuration, credentials: credentials,
                transport: HTTPTransport(HTTPConfiguration(), deadline: deadline)))
    }
}
