internal import Calendar
internal import Foundation
internal import JSON
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
        var writer = JSONWriter(indentation: indentation)
        writer.object { writer in
            writer.member("Records") { writer in
                writer.array { writer in
                    for index in records { write(index, readings, shard, to: &writer) }
                }
            }
        }
        return writer.bytes
    }

    private static func write(_ index: Int, _ readings: SensorReadings, _ shard: String, to writer: inout JSONWriter) {
        let sequenceNumber = ShardSequenceNumber.text(index)
        let arrival = readings.arrivalMs(index)
        writer.object { writer in
            writer.member("eventID", "\(shard):\(sequenceNumber)")
            writer.member("eventName", "aws:kinesis:record")
            writer.member("eventSource", "aws:kinesis")
            writer.member("eventVersion", "1.0")
            writer.member("invokeIdentityArn", "arn:aws:iam::123456789012:role/kinesis-ingest")
            writer.member("awsRegion", region)
            writer.member("eventSourceARN", streamARN)
            writer.member("kinesis") { writer in
                writer.object { writer in
                    writer.member("kinesisSchemaVersion", "1.0")
                    writer.member("partitionKey", readings.partitionKey(index))
                    writer.member("sequenceNumber", sequenceNumber)
                    writer.member("data", Data(readings.record(index)).base64EncodedString())
                    writer.member("approximateArrivalTimestamp") { writer in
                        writer.raw("\(arrival / 1000).\(CivilDate.padded(Int64(arrival % 1000), 3))")
                    }
                }
            }
        }
    }
}
