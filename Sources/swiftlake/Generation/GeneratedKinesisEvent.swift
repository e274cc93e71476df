internal import Calendar
internal import EventSources
internal import Simulation

/// Kinesis events as Lambda would send them, around generated records.
struct GeneratedKinesisEvent {
    static let region = "eu-west-1"
    static let streamARN = "arn:aws:kinesis:eu-west-1:123456789012:stream/sensor-readings"
    /// The shard that the demo writes to.
    static let shard = shardID(0)

    /// A shard's id, as Kinesis numbers them.
    static func shardID(_ number: Int) -> String { "shardId-" + CivilDate.padded(Int64(number), 12) }

    /// The event with these records of the stream, all of one shard.
    static func text(
        _ readings: SensorReadings, _ records: Range<Int>, shard: String = shard, indentation: Int? = nil
    ) -> [UInt8] {
        let event = KinesisEventText(
            streamARN: streamARN, region: region, roleARN: "arn:aws:iam::123456789012:role/kinesis-ingest")
        let records = records.map { index in
            StreamRecord(
                shard: shard, offset: Int64(index), key: Array(readings.partitionKey(index).utf8),
                value: readings.record(index), timestampMs: readings.arrivalMs(index))
        }
        return event.text(records, indentation: indentation)
    }
}
