internal import LambdaRuntime

extension KinesisRecord {
    func value(of source: ColumnSource) -> OriginValue? {
        switch source {
        case .member, .header: nil
        case .key: .text(partitionKey)
        case .topic: .bytes(streamName)
        case .partition: .text(shardID)
        case .offset: .text(sequenceNumber)
        case .timestamp: knownTimestampMs.map { .timestamp(ms: $0) }
        }
    }

    /// What stands behind the last slash of the stream's ARN.
    private var streamName: [UInt8] {
        let arn = streamARN.copy
        return Array(arn[((arn.lastIndex(of: UInt8(ascii: "/")) ?? -1) + 1)...])
    }
}

extension KafkaRecord {
    func value(of source: ColumnSource) -> OriginValue? {
        switch source {
        case .member: nil
        case .key: key.map { .base64($0) }
        case .header(let name): headers.last { $0.name == name }.map { .bytes($0.value) }
        case .topic: .text(topic)
        case .partition: .number(Int64(partition))
        case .offset: .number(offset)
        case .timestamp: knownTimestampMs.map { .timestamp(ms: $0) }
        }
    }
}
