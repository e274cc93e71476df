/// A record of a generated topic.
struct GeneratedKafkaRecord: Equatable {
    let partition: Int
    let offset: Int64
    /// When the topic took it, in milliseconds since the epoch.
    let timestampMs: Int64
    let key: String
    let value: [UInt8]
}

/// A generated topic: record `n` of a seed is the same on every machine and in every run, and so are its partition and
/// its offset.
struct GeneratedTopic {
    /// As `lake.json` and Kafka name it.
    let name: String
    /// How many partitions it has.
    let partitions: Int
    /// Record `n`.
    let record: (Int) -> GeneratedKafkaRecord
    /// The number of the record with this offset of this partition.
    let index: (_ partition: Int, _ offset: Int64) -> Int
}
