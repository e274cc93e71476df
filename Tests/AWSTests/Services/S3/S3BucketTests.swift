import HTTPTransport
import Testing

@testable import AWS

@Suite struct S3BucketTests {
    struct Address: CustomTestStringConvertible, Sendable {
        let name: String
        var endpoint: String?
        var environment: [String: String] = [:]
        let url: String
        var testDescription: String { url }
    }

    @Test(arguments: [
        Address(name: "lake", url: "https://lake.s3.eu-west-1.amazonaws.com/k"),
        Address(name: "my.lake", url: "https://s3.eu-west-1.amazonaws.com/my.lake/k"),
        Address(name: "old_lake", url: "https://s3.eu-west-1.amazonaws.com/old_lake/k"),
        Address(
            name: "lake", environment: ["AWS_REGION": "cn-north-1"],
            url: "https://lake.s3.cn-north-1.amazonaws.com.cn/k"),
        Address(
            name: "lake", environment: ["AWS_USE_DUALSTACK_ENDPOINT": "true"],
            url: "https://lake.s3.dualstack.eu-west-1.amazonaws.com/k"),
        Address(name: "lake", endpoint: "http://127.0.0.1:8333", url: "http://127.0.0.1:8333/lake/k"),
        Address(name: "lake", endpoint: "https://minio.example/base/", url: "https://minio.example/base/lake/k"),
        Address(
            name: "lake", endpoint: "https://bucket.vpce-1a-2b.s3.eu-west-1.vpce.amazonaws.com",
            url: "https://lake.bucket.vpce-1a-2b.s3.eu-west-1.vpce.amazonaws.com/k"),
        Address(
            name: "lake", endpoint: "https://amazonaws.com.example.org", url: "https://amazonaws.com.example.org/lake/k"
        ),
    ])
    func isAddressedAsItsServiceWants(address: Address) throws {
        var environment = address.environment
        environment["AWS_ENDPOINT_URL_S3"] = address.endpoint
        let bucket = try S3Bucket(address.name, try S3Scripts.configuration(environment))
        let request = bucket.request("GetObject", .get, "k")
        #expect((request.endpoint ?? "") + request.path == address.url)
    }

    @Test(arguments: [
        "", "ab", "UPPER", "-lake", "lake-", "la..ke", "la/ke", "lake?x", "lake:80", "läke", "la ke", "user@lake",
        "lake--euw1-az1--x-s3",
        String(repeating: "a", count: 64),
    ])
    func refusesANameThatIsNone(name: String) throws {
        let configuration = try S3Scripts.configuration()
        let error = #expect(throws: ServiceError.self) { try S3Bucket(name, configuration) }
        #expect(error?.kind == .configuration && error?.mayHaveActed == false)
    }

    @Test func needsARegionAtAWS() throws {
        let error = #expect(throws: ServiceError.self) {
            try S3Bucket("lake", try AWSConfiguration(environment: [:]))
        }
        #expect(error?.kind == .configuration)
        _ = try S3Bucket("lake", try AWSConfiguration(environment: ["AWS_ENDPOINT_URL": "http://localhost:1"]))
    }

    @Test(arguments: [
        ("db/t/data/a b.parquet", "/db/t/data/a%20b.parquet"), ("a+b", "/a%2Bb"), ("a%2Fb", "/a%252Fb"),
        ("a//b", "/a//b"), ("/a", "//a"), ("é日", "/%C3%A9%E6%97%A5"), ("x=1&y=2?z#w", "/x%3D1%26y%3D2%3Fz%23w"),
        ("-_.~", "/-_.~"), ("a:b;c,d@e!$'()*", "/a%3Ab%3Bc%2Cd%40e%21%24%27%28%29%2A"), ("\t\u{1}", "/%09%01"),
    ])
    func encodesAKeyOnce(key: String, path: String) throws {
        #expect(try S3Scripts.bucket().request("GetObject", .get, key).path == path)
    }
}
