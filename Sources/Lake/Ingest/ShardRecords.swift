internal import Glibc
internal import LambdaRuntime

/// The records of one shard or partition in an event, in the order of their offsets, each offset once.
struct ShardRecords<Record: SourceRecord> {
    /// The shard, or topic and partition.
    let shard: String
    /// The records.
    let records: [Record]
    /// Records that were left out because another one has their offset.
    let duplicates: Int

    /// Puts the records into the order of their offsets, if the event did not; of two with one offset the first stays.
    init(shard: String, records: [Record]) {
        self.shard = shard
        self.records = Self.areOrdered(records) ? records : Self.ordered(records)
        duplicates = records.count - self.records.count
    }

    private static func areOrdered(_ records: [Record]) -> Bool {
        var last: ByteView?
        for record in records {
            let offset = record.offset
            if let last, !last.precedesAsDecimal(offset) { return false }
            last = offset
        }
        return true
    }

    private static func ordered(_ records: [Record]) -> [Record] {
        let places = records.indices.sorted { left, right in
            if records[left].offset.precedesAsDecimal(records[right].offset) { return true }
            if records[right].offset.precedesAsDecimal(records[left].offset) { return false }
            return left < right
        }
        var ordered: [Record] = []
        for place in places where ordered.last?.offset.precedesAsDecimal(records[place].offset) ?? true {
            ordered.append(records[place])
        }
        return ordered
    }
}

extension ByteView {
    /// Whether these decimal digits are a smaller number than those: by length without leading zeros, then by bytes.
    func precedesAsDecimal(_ other: ByteView) -> Bool {
        withUnsafeBytes { left in
            other.withUnsafeBytes { right in
                let (leftZeros, rightZeros) = (Self.leadingZeros(left), Self.leadingZeros(right))
                let (leftCount, rightCount) = (left.count - leftZeros, right.count - rightZeros)
                guard leftCount == rightCount else { return leftCount < rightCount }
                guard leftCount > 0, let left = left.baseAddress, let right = right.baseAddress else { return false }
                return memcmp(left + leftZeros, right + rightZeros, leftCount) < 0
            }
        }
    }

    private static func leadingZeros(_ digits: UnsafeRawBufferPointer) -> Int {
        digits.firstIndex { $0 != UInt8(ascii: "0") } ?? digits.count
    }
}
