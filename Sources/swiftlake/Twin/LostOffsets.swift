/// Offsets of a partition that the cluster has dropped before their records were taken.
struct LostOffsets: Equatable {
    let shard: String
    /// The first of them.
    let next: Int64
    /// The first offset that the partition still has.
    let low: Int64

    /// What lies between the offset that comes next and the first one that the partition has; nil if nothing does.
    init?(_ shard: String, next: Int64, low: Int64) {
        guard low > next else { return nil }
        (self.shard, self.next, self.low) = (shard, next, low)
    }

    /// What people should know. Not every offset has a record: there may have been fewer.
    var sentence: String {
        "\(shard): the cluster has dropped offsets \(next) to \(low - 1) before they were taken: up to "
            + "\(Quantity.counted(low - next, "record")) missing"
    }
}
