import HTTPTransport
import Iceberg
import Testing

@testable import ObjectStores

@Suite struct S3OpeningTests {
    private let s3 = FakeS3()
    private let store: S3ObjectStore

    init() throws { store = try s3.store() }

    private func fault(_ location: String = "s3://lake/warehouse") -> String? {
        do throws(IcebergError) {
            try store.finish(store.open(location, connections: 3))
            return nil
        } catch {
            return error.description
        }
    }

    @Test func opensSoManyConnectionsAtOnce() throws {
        let opening = store.open("s3://lake/warehouse", connections: 3)
        #expect(s3.waves == [["HEAD /lake/", "HEAD /lake/", "HEAD /lake/"]])
        // Other requests go meanwhile.
        #expect(Optional(s3.put(store, ["a"])[0]).isDone)
        try store.finish(opening)
        #expect(s3.waves.count == 2)
        try store.finish(store.open("s3://lake", connections: 0))
        #expect(s3.waves.last == ["HEAD /lake/"])
    }

    @Test func oneConnectionWillDo() {
        s3.faults = [("HEAD", FakeS3.response(403), false)]
        #expect(fault() == nil)
    }

    @Test func asksForTheReasonThatAHeadCannotTell() throws {
        s3.faults = [("HEAD", FakeS3.response(400), false), ("HEAD", FakeS3.response(400), false)]
        s3.faults += [("HEAD", FakeS3.response(400), false)]
        s3.faults += [("GET /lake/", FakeS3.refusal(400, "InvalidToken"), false)]
        let text = try #require(fault())
        #expect(text.hasPrefix("s3://lake/warehouse: s3 ListObjectsV2: InvalidToken [400]: m (request R1)"))
        #expect(s3.requests.last?.contains("prefix=warehouse") == true)
    }

    @Test(arguments: [301, 400]) func tellsTheBucketsRegion(status: Int) throws {
        let here = ["x-amz-bucket-region": "eu-central-1"]
        for _ in 0..<3 { s3.faults.append(("HEAD", FakeS3.response(status, "", here), false)) }
        s3.faults.append(("GET /lake/", FakeS3.response(status, "", here), false))
        #expect(try #require(fault()).contains("set AWS_REGION=eu-central-1"))
    }

    @Test func permissionForThePrefixWillDo() {
        for _ in 0..<3 { s3.faults.append(("HEAD", FakeS3.response(403), false)) }
        #expect(fault() == nil)
    }

    @Test(arguments: [
        ("s3://nowhere/warehouse", "NoSuchBucket"), ("s3a://lake/x", "write s3://"), ("s3://UP/x", "InvalidBucketName"),
    ])
    func saysWhatIsWrong(location: String, text: String) throws {
        let told = try #require(fault(location))
        #expect(told.contains(text))
        #expect(!told.contains { $0.isNewline })
    }

    @Test func aNetworkThatIsDownIsTold() throws {
        for _ in 0..<12 {
            s3.faults.append(("HEAD", .failure(HTTPFailure(.cannotConnect, "no way", mayHaveActed: false)), false))
        }
        #expect(try #require(fault()).contains("cannotConnect: no way"))
        #expect(!s3.requests.contains { $0.hasPrefix("GET") })
    }
}
