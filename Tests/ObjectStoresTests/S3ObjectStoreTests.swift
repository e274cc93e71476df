import HTTPTransport
import Iceberg
import Testing

@testable import ObjectStores

@Suite struct S3ObjectStoreTests {
    private let s3 = FakeS3()
    private let store: S3ObjectStore

    init() throws { store = try s3.store() }

    @Test func putsAllInOneWave() throws {
        let keys = (0..<40).map { "db/t/data/hour=2024-05-01 \($0)/x+y.parquet" }
        #expect(s3.put(store, keys).allSatisfy { Optional($0).isDone })
        #expect(s3.waves.map(\.count) == [40])
        #expect(s3.requests.first == "PUT /lake/db/t/data/hour%3D2024-05-01%200/x%2By.parquet")
        #expect(s3.objects.keys.sorted() == keys.map { "lake/\($0)" }.sorted())
        #expect(try store.list(s3.location("db/t/")).map(\.location) == keys.map(s3.location).sorted())
    }

    @Test func eachResultIsItsOwnFiles() {
        s3.objects["lake/taken"] = [9]
        s3.faults = [("PUT /lake/denied", FakeS3.refusal(403, "AccessDenied"), false)]
        let results = store.put(
            ["s3://lake/new", "s3://lake/taken", "s3a://lake/x", "s3://lake/denied", "s3://other/x", "s3://UP/x"].map {
                NewFile(location: $0, bytes: [1])
            })
        let codes = results.map { Optional($0).failure }
        #expect(Optional(results[0]).isDone)
        #expect(codes == [nil, .alreadyExists, .unsupported, .unavailable, .unavailable, .unavailable])
        #expect(s3.objects["lake/taken"] == [9])
        if case .failed(let error) = results[3] {
            #expect(error.description.hasPrefix("s3://lake/denied: s3 PutObject: AccessDenied [403]: m (request R1)"))
        }
    }

    @Test func aDenialOfTheKeyNamesWhatToAllow() throws {
        let reply = """
            <Error><Code>AccessDenied</Code><Message>User: arn:aws:sts::1:assumed-role/r/f is not authorized to perform: \
            kms:GenerateDataKey on resource: arn:aws:kms:eu-west-1:1:key/k</Message></Error>
            """
        s3.faults = [("PUT", FakeS3.response(403, reply), false)]
        guard case .failed(let error) = s3.put(store, ["a"])[0] else {
            Issue.record("a denial is certain")
            return
        }
        #expect(error.description.contains("allow kms:GenerateDataKey and kms:Decrypt"))
        #expect(error.description.contains("request R1"))
    }

    @Test(arguments: [true, false]) func aLostReplyIsSettledBySendingAgain(acts: Bool) {
        s3.faults = [("PUT /lake/a", FakeS3.lost, acts)]
        let results = s3.put(store, ["a", "b"])
        #expect(results.allSatisfy { Optional($0).isDone })
        #expect(s3.objects.count == 2)
        #expect(s3.requests.contains("HEAD /lake/a") == acts, "only a refusal after a doubt is looked into")
    }

    @Test func aRefusalWithoutADoubtIsNotLookedInto() {
        s3.objects["lake/a"] = [1, 2, 3]
        #expect(Optional(s3.put(store, ["a"])[0]).failure == .alreadyExists)
        #expect(s3.requests == ["PUT /lake/a"])
    }

    @Test func uploadsWhatIsLargeInParts() throws {
        let upload = "<InitiateMultipartUploadResult><UploadId>u</UploadId></InitiateMultipartUploadResult>"
        s3.faults = [("POST /lake/large?uploads", FakeS3.response(200, upload), false)]
        s3.faults.append(
            (
                "POST /lake/large?uploadId=u",
                FakeS3.response(200, "<CompleteMultipartUploadResult></CompleteMultipartUploadResult>"), false
            ))
        let store = try s3.store(S3UploadPlan(threshold: 5 << 20, partSize: 5 << 20))
        let results = store.put([
            NewFile(location: s3.location("small"), bytes: [1]),
            NewFile(location: s3.location("large"), bytes: [UInt8](repeating: 1, count: 5 << 20 + 1)),
        ])
        #expect(results.allSatisfy { Optional($0).isDone })
        #expect(
            s3.waves == [
                ["PUT /lake/small", "POST /lake/large?uploads="],
                ["PUT /lake/large?partNumber=1&uploadId=u", "PUT /lake/large?partNumber=2&uploadId=u"],
                ["POST /lake/large?uploadId=u"],
            ])
    }

    @Test func getsAllInOneWave() throws {
        _ = s3.put(store, ["a", "b", "c"])
        s3.objects["lake/b"] = []
        let results = store.get(["s3://lake/a", "s3a://lake/a", "s3://lake/none", "s3://lake/b", "s3://lake/c"])
        #expect(s3.waves.count == 2)
        #expect(results.map { try? $0.get() } == [[1, 2, 3], nil, nil, [], [1, 2, 3]])
        #expect(results.map { $0.code } == [nil, .unsupported, .notFound, nil, nil])
        #expect(try store.get("s3://lake/a") == [1, 2, 3])
        #expect(store.get([]).isEmpty)
    }

    @Test func readsAgainWhatIsNotS3s() {
        _ = s3.put(store, ["a", "b"])
        let strange = FakeS3.response(200, "<html></html>", ["Content-Type": "text/html"])
        s3.faults = [("GET /lake/a", strange, false)]
        #expect(store.get(["s3://lake/a", "s3://lake/b"]).map { try? $0.get() } == [[1, 2, 3], [1, 2, 3]])
        #expect(s3.waves.map(\.count) == [2, 2, 1])
        s3.faults = [("GET /lake/a", strange, false), ("GET /lake/a", strange, false)]
        #expect(store.get(["s3://lake/a"])[0].code == .unavailable)
    }

    @Test func listsPageByPage() throws {
        s3.pageSize = 3
        for key in ["p/1", "p/2", "p/é 3", "p/4+", "p/5", "p/folder/", "q"] { s3.objects["lake/\(key)"] = [0] }
        s3.objects["lake/p/folder/"] = []
        let files = try store.list("s3://lake/p/")
        #expect(files.map(\.location) == ["p/1", "p/2", "p/4+", "p/5", "p/é 3"].map(s3.location))
        #expect(files.first == StoredFile(location: "s3://lake/p/1", size: 1, modifiedMs: 1_000))
        #expect(s3.waves.count == 2)
        #expect(try store.list("s3://lake/none/") == [])
        #expect(try store.list("s3://lake").count == 6)
        let error = #expect(throws: IcebergError.self) { try store.list("s3://other/") }
        #expect(error?.code == .unavailable)
    }

    @Test func deletesAThousandAtOnce() {
        let keys = (0..<2_500).map { "k\($0)" }
        for key in keys { s3.objects["lake/\(key)"] = [0] }
        s3.objects["lake/odd\u{1}"] = [0]
        let kept = store.delete((keys + ["odd\u{1}", "missing"]).map(s3.location) + ["file:///x", "s3://other/x"])
        #expect(kept == ["file:///x", "s3://other/x"])
        #expect(s3.objects.isEmpty)
        let lake = s3.waves.first { $0.first?.contains("/lake") == true } ?? []
        #expect(lake.sorted() == ["DELETE /lake/odd%01"] + [String](repeating: "POST /lake/?delete=", count: 3))
        #expect(store.delete([]).isEmpty)
    }

    @Test func tellsWhatCouldNotBeDeleted() {
        let reply = """
            <DeleteResult><Error><Key>a</Key><Code>AccessDenied</Code></Error>
            <Error><Key>b</Key><Code>InternalError</Code></Error></DeleteResult>
            """
        s3.faults = [("POST", FakeS3.response(200, reply), false)]
        #expect(store.delete(["c", "b", "a"].map(s3.location)) == [s3.location("a")])
        #expect(s3.waves.count == 2, "what S3 itself could not do is tried again")
        s3.faults = [("POST", FakeS3.refusal(403, "AccessDenied"), false)]
        #expect(store.delete(["a", "b"].map(s3.location)) == ["a", "b"].map(s3.location))
    }
}

extension Result where Failure == IcebergError {
    var code: IcebergError.Code? { if case .failure(let error) = self { error.code } else { nil } }
}
