internal import Glibc

/// One shard's file: lines are added at its end and never changed.
///
/// A line counts once `write` has returned: then the kernel has it, and it outlives this process however that ends (not
/// a loss of power: nothing is flushed to the disk). Threads that add at the same time share one `write`.
final class ShardLog: @unchecked Sendable {
    // Sendable, as everything that changes is touched only inside the monitor, but for the file itself: only the one
    // thread that has set `isWriting` writes, behind `size`, and readers read before it.
    private let monitor = Monitor()
    private let path: String
    private let shard: String
    private let hasSequenceNumber: Bool
    private let descriptor: Int32
    /// Where each line begins.
    private var starts: [Int64]
    /// Bytes of whole lines in the file.
    private var size: Int64
    /// Lines that are not in the file yet.
    private var pending: [UInt8] = []
    private var pendingStarts: [Int64] = []
    private var isWriting = false
    /// Lines that have an offset, in the file or not.
    private var assigned: Int
    private var line = RecordLine()
    private var failure: EventSourceError?

    /// Opens the shard's file, or makes it. A last line without its line feed is cut off: its writer was ended before
    /// anybody was told that it counts.
    init(path: String, shard: String, hasSequenceNumber: Bool) throws(EventSourceError) {
        self.path = path
        self.shard = shard
        self.hasSequenceNumber = hasSequenceNumber
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw Self.fault("open", path) }
        do throws(EventSourceError) {
            (starts, size) = try Self.lines(descriptor, path)
            assigned = starts.count
            guard ftruncate(descriptor, off_t(size)) == 0 else { throw Self.fault("cut", path) }
        } catch {
            close(descriptor)
            throw error
        }
        guard let last = starts.indices.last else { return }
        _ = try read(from: Int64(last), atMost: 1)
    }

    deinit { close(descriptor) }

    var end: Int64 {
        monitor.lock()
        defer { monitor.unlock() }
        return Int64(starts.count)
    }

    /// Adds records, and returns the first one's offset when all are in the file.
    func append(
        _ records: [(key: [UInt8]?, value: [UInt8], timestampMs: Int64)]
    ) throws(EventSourceError) -> Int64 {
        monitor.lock()
        defer { monitor.unlock() }
        if let failure { throw failure }
        let first = assigned
        for record in records {
            pendingStarts.append(Int64(pending.count))
            pending += line.bytes(
                StreamRecord(
                    shard: shard, offset: Int64(assigned), key: record.key, value: record.value,
                    timestampMs: record.timestampMs), hasSequenceNumber: hasSequenceNumber)
            assigned += 1
        }
        let last = assigned
        while starts.count < last {
            if let failure { throw failure }
            if isWriting { monitor.wait() } else { writePending() }
        }
        return Int64(first)
    }

    /// Writes what is pending, outside the monitor; what is added meanwhile waits for the next time.
    private func writePending() {
        let bytes = pending
        let lineStarts = pendingStarts
        let place = size
        pending = []
        pendingStarts = []
        isWriting = true
        monitor.unlock()
        let fault = Self.write(bytes, to: descriptor, at: place)
        if fault != 0 { ftruncate(descriptor, off_t(place)) }
        monitor.lock()
        isWriting = false
        if fault == 0 {
            for start in lineStarts { starts.append(place + start) }
            size = place + Int64(bytes.count)
        } else {
            // Offsets are given out already that no line has: the log takes nothing more.
            failure = Self.fault("write", path, fault)
        }
        monitor.announce()
    }

    /// The lines from an offset on, up to so many, and up to about 8 MB.
    func read(from offset: Int64, atMost count: Int) throws(EventSourceError) -> [StreamRecord] {
        monitor.lock()
        let first = Int(clamping: max(offset, 0))
        let isBehind = first >= starts.count || count <= 0
        var last = isBehind ? first : min(starts.count - first, count) + first
        let start = isBehind ? size : starts[first]
        while last - first > 1, (last < starts.count ? starts[last] : size) - start > 8 << 20 {
            last = first + (last - first) / 2
        }
        let bounds = isBehind ? [] : Array(starts[first..<last]) + [last < starts.count ? starts[last] : size]
        monitor.unlock()
        guard let end = bounds.last else { return [] }
        let bytes = try Self.read(descriptor, path, start..<end)
        var records: [StreamRecord] = []
        records.reserveCapacity(last - first)
        for index in 0..<last - first {
            let line = Int(bounds[index] - start)..<Int(bounds[index + 1] - start)
            guard let record = RecordLine.record(bytes.span.bytes.extracting(line)), record.shard == shard,
                record.offset == Int64(first + index)
            else {
                let place = "\(path), line \(first + index + 1)"
                throw EventSourceError(.corrupt, "\(place), is not what was written there: delete the stream's folder")
            }
            records.append(record)
        }
        return records
    }
}
