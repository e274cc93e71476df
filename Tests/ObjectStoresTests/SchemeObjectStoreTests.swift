import AWS
import Foundation
import HTTPTransport
import Iceberg
import Testing

@testable import ObjectStores

/// A store of S3 that cannot be reached, beside the files of this machine.
@Suite struct SchemeObjectStoreTests {
    private let folder = FileManager.default.temporaryDirectory.path + "/swiftlake-schemes-\(UUID().uuidString)"

    private func store() throws -> SchemeObjectStore {
        // Nothing listens on port 1.
        let configuration = try AWSConfiguration(environment: [
            "AWS_REGION": "eu-west-1", "AWS_ENDPOINT_URL": "http://127.0.0.1:1", "AWS_MAX_ATTEMPTS": "1",
        ])
        let client = ServiceClient(
            configuration, credentials: StaticCredentials(Credentials(accessKeyID: "a", secretAccessKey: "b")),
            transport: HTTPTransport())
        return SchemeObjectStore(objects: S3ObjectStore(S3(client)))
    }

    private func code(_ result: Result<[UInt8], IcebergError>) -> IcebergError.Code? {
        if case .failure(let error) = result { error.code } else { nil }
    }

    @Test func eachFileGoesWhereItsSchemeSays() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let store = try store()
        let results = store.put([
            NewFile(location: "s3://bucket/a", bytes: [1]), NewFile(location: "file://\(folder)/b", bytes: [2]),
            NewFile(location: "s3://bucket/c", bytes: [3]), NewFile(location: "file://\(folder)/d", bytes: [4]),
        ])
        let done = results.map { if case .done = $0 { true } else { false } }
        #expect(done == [false, true, false, true], "results stand in the files' order")

        let read = store.get(["file://\(folder)/d", "s3://bucket/a", "file://\(folder)/b"])
        #expect(try read[0].get() == [4] && code(read[1]) == .unavailable && read[2].get() == [2])
        #expect(try store.get("file://\(folder)/b") == [2])
        #expect(throws: IcebergError.self) { try store.get("s3://bucket/a") }
        #expect(try store.list("file://\(folder)/").map(\.size) == [1, 1])
        #expect(store.delete(["s3://bucket/a", "file://\(folder)/b"]) == ["s3://bucket/a"])
        #expect(try store.list("file://\(folder)/").count == 1)
    }

    @Test func anotherSchemeIsRefusedByName() throws {
        let store = try store()
        let error = #expect(throws: IcebergError.self) { try store.get("gs://bucket/a") }
        #expect(error?.code == .unsupported)
        #expect(store.get([String]()).isEmpty && store.put([]).isEmpty && store.delete([]).isEmpty)
    }
}
