internal import Calendar
public import JSON

/// The event that Lambda calls a function with for records of a Kinesis stream.
public struct KinesisEventText: EventText {
    /// The stream.
    public let streamARN: String
    /// The region that the event names, which is the stream's.
    public let region: String
    /// The role that the function runs as.
    public let roleARN: String

    /// Events of a stream.
    public init(streamARN: String, region: String, roleARN: String) {
        self.streamARN = streamARN
        self.region = region
        self.roleARN = roleARN
    }

    /// The event's text, on one line unless indented.
    public func text(_ records: [StreamRecord], indentation: Int?) -> [UInt8] {
        var writer = JSONWriter(indentation: indentation)
        if indentation == nil { writer.reserveCapacity(byteCount(records)) }
        writer.object { writer in
            writer.member("Records") { writer in
                writer.array { writer in
                    for record in records { write(record, to: &writer) }
                }
            }
        }
        return writer.bytes
    }

    /// The shard sequence number of a record.
    public static func sequenceNumber(of record: StreamRecord) -> String {
        record.sequenceNumber ?? ShardSequenceNumber.text(record.offset)
    }

    private func write(_ record: StreamRecord, to writer: inout JSONWriter) {
        let sequenceNumber = Self.sequenceNumber(of: record)
        writer.object { writer in
            writer.member("eventID", "\(record.shard):\(sequenceNumber)")
            writer.member("eventName", "aws:kinesis:record")
            writer.member("eventSource", "aws:kinesis")
            writer.member("eventVersion", "1.0")
            writer.member("invokeIdentityArn", roleARN)
            writer.member("awsRegion", region)
            writer.member("eventSourceARN", streamARN)
            writer.member("kinesis") { writer in
                writer.object { writer in
                    writer.member("kinesisSchemaVersion", "1.0")
                    writer.member("partitionKey", Self.partitionKey(of: record))
                    writer.member("sequenceNumber", sequenceNumber)
                    writer.member("data", Base64.encode(record.value))
                    writer.member("approximateArrivalTimestamp") { $0.raw(Self.seconds(record.timestampMs)) }
                }
            }
        }
    }

    private static func partitionKey(of record: StreamRecord) -> String {
        record.key.map { String(decoding: $0, as: UTF8.self) } ?? ""
    }

    /// Seconds with three decimals.
    private static func seconds(_ milliseconds: Int64) -> String {
        let seconds = floorDivide(milliseconds, 1000)
        return "\(seconds).\(CivilDate.padded(milliseconds &- seconds &* 1000, 3))"
    }

    // MARK: - Sizes

    private static let empty = "{\"Records\":[]}".utf8.count
    /// All of a record but its values, with the comma before it; quotes count with the values.
    private static let fixed =
        """
        ,{"eventID":,"eventName":"aws:kinesis:record","eventSource":"aws:kinesis","eventVersion":"1.0",\
        "invokeIdentityArn":,"awsRegion":,"eventSourceARN":,"kinesis":{"kinesisSchemaVersion":"1.0","partitionKey":,\
        "sequenceNumber":,"data":,"approximateArrivalTimestamp":}}
        """.utf8.count

    /// Bytes of an event without records; the first record's missing comma is already taken off.
    public var emptyByteCount: Int { Self.empty - 1 }

    /// Bytes that a record takes in an event, with the comma before it.
    public func byteCount(of record: StreamRecord) -> Int {
        let sequenceNumber = Self.sequenceNumber(of: record)
        let head =
            Self.stringByteCount("\(record.shard):\(sequenceNumber)") + Self.stringByteCount(roleARN)
            + Self.stringByteCount(region) + Self.stringByteCount(streamARN)
        let kinesis =
            Self.stringByteCount(Self.partitionKey(of: record)) + Self.stringByteCount(sequenceNumber)
            + Self.base64ByteCount(record.value) + Self.seconds(record.timestampMs).utf8.count
        return Self.fixed + head + kinesis
    }

    /// Nothing: the records of an event of Kinesis stand side by side.
    public func byteCount(ofShard shard: String) -> Int { 0 }

    // MARK: - Failures

    /// A record's shard sequence number.
    public func identifier(of record: StreamRecord) -> ItemIdentifier {
        .sequenceNumber(Self.sequenceNumber(of: record))
    }

    /// `KinesisBatchInfo`.
    public func writeBatchInfo(_ records: [StreamRecord], to writer: inout JSONWriter) {
        guard let first = records.first, let last = records.last else { return }
        writer.member("KinesisBatchInfo") { writer in
            writer.object { writer in
                writer.member("shardId", first.shard)
                writer.member("startSequenceNumber", Self.sequenceNumber(of: first))
                writer.member("endSequenceNumber", Self.sequenceNumber(of: last))
                writer.member("approximateArrivalOfFirstRecord", Self.timestamp(first.timestampMs))
                writer.member("approximateArrivalOfLastRecord", Self.timestamp(last.timestampMs))
                writer.member("batchSize", records.count)
                writer.member("streamArn", streamARN)
            }
        }
    }
}
