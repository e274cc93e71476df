import Testing

@testable import ObjectStores

@Suite struct S3UploadPlanTests {
    @Test func dividesOnlyWhatIsAboveItsThreshold() {
        let plan = S3UploadPlan(threshold: 20 << 20, partSize: 8 << 20)
        for count in [0, 1, 20 << 20] { #expect(plan.parts(of: count) == [0..<count]) }
        let parts = plan.parts(of: 20 << 20 + 1)
        #expect(parts == [0..<8 << 20, 8 << 20..<16 << 20, 16 << 20..<20 << 20 + 1])
    }

    @Test func makesNoPartSmallerThanS3Takes() {
        #expect(S3UploadPlan(threshold: 0, partSize: 1).parts(of: 6 << 20) == [0..<5 << 20, 5 << 20..<6 << 20])
        #expect(S3UploadPlan(threshold: -1, partsAtOnce: 0).partsAtOnce == 1)
    }

    @Test(arguments: [10_000 * (5 << 20), 10_000 * (5 << 20) + 1, 1 << 40]) func keepsToTenThousandParts(count: Int) {
        let parts = S3UploadPlan(threshold: 0, partSize: 0).parts(of: count)
        #expect(parts.count <= 10_000)
        #expect(parts.first?.lowerBound == 0 && parts.last?.upperBound == count)
        #expect(zip(parts, parts.dropFirst()).allSatisfy { $0.upperBound == $1.lowerBound })
    }
}
