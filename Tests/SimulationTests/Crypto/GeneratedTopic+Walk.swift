import Testing

@testable import Simulation

extension GeneratedTopic {
    /// Expects that the offsets of each partition have no gap, and that a key stays in its partition.
    /// - Returns: each partition's next offset behind the first records, and how many keys they have.
    func walked(_ count: Int) -> (next: [Int: Int64], keys: Int) {
        var next = [Int: Int64]()
        var partitions = [String: Int]()
        for index in 0..<count {
            let record = record(index)
            #expect(record.offset == next[record.partition] ?? 0)
            #expect(self.index(record.partition, record.offset) == index)
            #expect(
                partitions.updateValue(record.partition, forKey: record.key) ?? record.partition == record.partition)
            next[record.partition] = record.offset + 1
        }
        return (next, partitions.count)
    }
}
