import Testing

@testable import EventSources

@Suite struct MappingOptionsTests {
    @Test(
        arguments: [
            ("batchSize", { $0.batchSize = 0 }), ("batchSize", { $0.batchSize = 10_001 }),
            ("maximumBatchingWindowMs", { $0.maximumBatchingWindowMs = -1 }),
            ("maximumBatchingWindowMs", { $0.maximumBatchingWindowMs = 300_001 }),
            ("maximumRetryAttempts", { $0.maximumRetryAttempts = -2 }),
            ("maximumRetryAttempts", { $0.maximumRetryAttempts = 10_001 }),
            ("maximumRecordAgeSeconds", { $0.maximumRecordAgeSeconds = 59 }),
            ("maximumRecordAgeSeconds", { $0.maximumRecordAgeSeconds = 604_801 }),
            ("maximumPayloadBytes", { $0.maximumPayloadBytes = 6_291_457 }),
        ] as [(String, @Sendable (inout MappingOptions) -> Void)])
    func whatAWSRefusesIsRefused(_ name: String, _ change: @Sendable (inout MappingOptions) -> Void) {
        let error = #expect(throws: EventSourceError.self) { try Samples.shardMapping(change) }
        #expect(error?.code == .badOption && error?.message.hasPrefix("\(name) is ") == true)
    }

    @Test func defaultsAndBoundsAreTaken() throws {
        _ = try Samples.shardMapping()
        _ = try Samples.shardMapping {
            $0.batchSize = 10_000
            $0.maximumBatchingWindowMs = 300_000
            $0.maximumRetryAttempts = 10_000
            $0.maximumRecordAgeSeconds = 604_800
        }
        #expect(MappingOptions.kafka.maximumBatchingWindowMs == 500)
        #expect(MappingOptions.kinesis.maximumBatchingWindowMs == 0)
    }

    @Test(
        arguments: [
            ("maximumRetryAttempts", { $0.maximumRetryAttempts = 0 }),
            ("maximumRecordAgeSeconds", { $0.maximumRecordAgeSeconds = 60 }),
            ("bisectBatchOnFunctionError", { $0.bisectBatchOnFunctionError = true }),
            ("reportBatchItemFailures", { $0.reportBatchItemFailures = true }),
        ] as [(String, @Sendable (inout MappingOptions) -> Void)])
    func optionsForErrorsOfKafkaNeedProvisionedMode(
        _ name: String, _ change: @Sendable (inout MappingOptions) -> Void
    ) throws {
        let error = #expect(throws: EventSourceError.self) {
            try Samples.topicMapping(["t-0"], provisioned: false, change)
        }
        #expect(error?.message == "\(name) needs provisioned mode: an on-demand mapping of Kafka has none")
        _ = try Samples.topicMapping(["t-0"], change)
    }
}
