extension MappingOptions {
    /// The kinds of mapping that take different options.
    enum Kind {
        case kinesis
        case onDemandKafka
        case provisionedKafka
    }

    /// Checks the options as AWS does.
    func check(_ kind: Kind) throws(EventSourceError) {
        try Self.check("batchSize", Int64(batchSize), 1...10_000)
        try Self.check("maximumBatchingWindowMs", maximumBatchingWindowMs, 0...300_000)
        try Self.check("maximumRetryAttempts", Int64(maximumRetryAttempts), -1...10_000)
        try Self.check("maximumPayloadBytes", Int64(maximumPayloadBytes), 1...6 * 1024 * 1024)
        if maximumRecordAgeSeconds != -1 {
            try Self.check("maximumRecordAgeSeconds", Int64(maximumRecordAgeSeconds), 60...604_800)
        }
        guard kind == .onDemandKafka else { return }
        let given = [
            ("maximumRetryAttempts", maximumRetryAttempts != -1),
            ("maximumRecordAgeSeconds", maximumRecordAgeSeconds != -1),
            ("bisectBatchOnFunctionError", bisectBatchOnFunctionError),
            ("reportBatchItemFailures", reportBatchItemFailures),
        ]
        if let name = given.first(where: \.1)?.0 {
            throw EventSourceError(.badOption, "\(name) needs provisioned mode: an on-demand mapping of Kafka has none")
        }
    }

    private static func check(_ name: String, _ value: Int64, _ range: ClosedRange<Int64>) throws(EventSourceError) {
        guard range.contains(value) else {
            let range = "\(range.lowerBound) to \(range.upperBound)"
            throw EventSourceError(.badOption, "\(name) is \(value), and AWS takes \(range)")
        }
    }
}

extension StartingPosition {
    /// The offset of the first record of a shard to send.
    public func offset(of shard: String, in source: some EventSource) throws -> Int64 {
        switch self {
        case .trimHorizon: return try source.start(of: shard)
        case .latest: return try source.end(of: shard)
        case .atTimestamp(let time):
            var offset = try source.start(of: shard)
            while true {
                let records = try source.read(shard, from: offset, atMost: 1000)
                if let record = records.first(where: { $0.timestampMs >= time }) { return record.offset }
                guard let last = records.last, last.offset < .max else { return offset }
                offset = last.offset + 1
            }
        }
    }
}
