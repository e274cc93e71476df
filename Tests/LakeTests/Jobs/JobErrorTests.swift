import Testing

@testable import Lake

/// Tests of the errors that jobs end with.
@Suite struct JobErrorTests {
    @Test(
        "An error is called by its area and its kind",
        arguments: [
            (JobError.Code.assets(.keyRefused), "Assets.KeyRefused"), (.bootstrap(.refused), "Bootstrap.Refused"),
            (.indexing(.incomplete), "Elasticsearch.Incomplete"), (.ingest(.unknownStream), "Ingest.UnknownStream"),
            (.upkeep(.notFinished), "Upkeep.NotFinished"),
        ])
    func errorType(_ code: JobError.Code, _ name: String) {
        #expect(JobError(code, "").errorType == name)
    }

    @Test func failuresOfOneKindKeepIt() {
        let failures = [JobError(.ingest(.unknownStream), "one"), JobError(.ingest(.unknownStream), "two")]
        let error = JobError(all: failures, mixed: .ingest(.uncommitted))
        #expect(error.code == .ingest(.unknownStream) && error.message == "one; two")
    }

    @Test func failuresOfSeveralKindsAreMixed() {
        let failures: [any Error] = [JobError(.ingest(.unknownStream), "one"), OtherFailure()]
        #expect(JobError(all: failures, mixed: .ingest(.uncommitted)).code == .ingest(.uncommitted))
        #expect(JobError(all: [OtherFailure()], mixed: .ingest(.uncommitted)).code == .ingest(.uncommitted))
    }

    private struct OtherFailure: Error {}
}
