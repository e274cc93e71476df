import Iceberg
import Testing

@testable import ObjectStores

@Suite struct S3LocationTests {
    @Test(arguments: [
        ("s3://lake/db/t/x.parquet", "lake", "db/t/x.parquet"), ("s3://lake", "lake", ""), ("s3://lake/", "lake", ""),
        ("s3://lake//x", "lake", "/x"), ("s3://lake/a//b/", "lake", "a//b/"),
        ("s3://lake/p%25q+r s", "lake", "p%25q+r s"),
        ("s3://lake/é/日=語", "lake", "é/日=語"), ("s3://lake/a..b/...", "lake", "a..b/..."),
        ("s3://lake/?x#y", "lake", "?x#y"),
    ])
    func takesBucketAndKeyAsTheyAre(location: String, bucket: String, key: String) throws {
        let place = try S3Location(location)
        #expect(place.bucket == bucket && place.key == key)
    }

    @Test(arguments: [
        ("s3a://lake/x", IcebergError.Code.unsupported), ("s3n://lake/x", .unsupported), ("S3://lake/x", .unsupported),
        ("file:///x", .unsupported), ("gs://lake/x", .unsupported), ("", .unsupported), ("s3:/lake/x", .unsupported),
        ("s3://", .malformed), ("s3:///x", .malformed), ("s3://lake/../x", .malformed), ("s3://lake/a/./b", .malformed),
        ("s3://lake/a/..", .malformed), ("s3://lake/" + String(repeating: "é", count: 513), .invalid),
    ])
    func refusesOthers(location: String, code: IcebergError.Code) {
        let error = #expect(throws: IcebergError.self) { try S3Location(location) }
        #expect(error?.code == code)
        #expect(error?.context == [location])
    }

    @Test func saysWhatIsWrongWithHadoopsNames() {
        let error = #expect(throws: IcebergError.self) { try S3Location("s3a://lake/x") }
        #expect(error?.message.contains("write s3://") == true)
    }

    @Test(arguments: ["s3://lake", "s3://lake/"]) func aFileNeedsAKey(location: String) {
        let error = #expect(throws: IcebergError.self) { try S3Location(object: location) }
        #expect(error?.code == .malformed)
    }
}
