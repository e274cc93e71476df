import Iceberg
import Testing

@testable import AWS
@testable import ObjectStores

/// Every way in which creating one object may go, without a network.
@Suite struct S3PutTests {
    typealias Reply = Result<S3Put.Reply, ServiceError>

    private let bytes = Array("hello".utf8)
    private let bucket: S3Bucket

    init() throws {
        bucket = try S3Bucket("lake", try AWSConfiguration(environment: ["AWS_REGION": "eu-west-1"]))
    }

    private func fault(
        _ kind: ServiceError.Kind, _ code: String = "Fault", mayHaveActed: Bool = false
    ) -> Reply {
        .failure(
            ServiceError(
                kind, service: "s3", operation: "PutObject", code: code, message: "", mayHaveActed: mayHaveActed))
    }

    private func head(size: Int? = nil, checksum: String? = nil) -> Reply {
        .success(.head(S3ObjectHead(size: Int64(size ?? bytes.count), entityTag: "\"e\"", checksum: checksum)))
    }

    private var ownHead: Reply { head(checksum: S3Checksum(of: bytes).text) }
    private var lost: Reply { fault(.unavailable, "connectionLost", mayHaveActed: true) }
    private var refused: Reply { fault(.preconditionFailed, "PreconditionFailed") }
    private var absent: Reply { fault(.notFound, "NotFound") }

    /// Plays replies, each with the operation that it is expected to answer.
    private func play(_ script: [(String, Reply)]) throws -> PutResult? {
        var put = S3Put(NewFile(location: "s3://lake/k", bytes: bytes), in: bucket, key: "k", S3UploadPlan())
        for (operation, reply) in script {
            let calls = put.next()
            #expect(calls.map(\.request.operation) == [operation])
            put.take([reply])
        }
        if put.result != nil { #expect(put.next().isEmpty) }
        return put.result
    }

    @Test func isDoneWhenCreated() throws {
        #expect(try play([("PutObject", .success(.created))]).isDone)
    }

    @Test func anotherFileOfTheNameIsAFailure() throws {
        #expect(try play([("PutObject", refused)]).failure == .alreadyExists)
    }

    @Test(arguments: [ServiceError.Kind.accessDenied, .credentials, .throttled, .unavailable, .invalid, .notFound])
    func aFaultThatCertainlyDidNothingIsAFailure(kind: ServiceError.Kind) throws {
        #expect(try play([("PutObject", fault(kind, "NoSuchBucket"))]).failure == .unavailable)
    }

    @Test func findsItsOwnFileAfterALostReply() throws {
        #expect(try play([("PutObject", lost), ("HeadObject", ownHead)]).isDone)
        let refusedLater = fault(.preconditionFailed, "PreconditionFailed", mayHaveActed: true)
        #expect(try play([("PutObject", refusedLater), ("HeadObject", ownHead)]).isDone)
    }

    @Test func tellsAnothersFileFromItsOwn() throws {
        #expect(try play([("PutObject", lost), ("HeadObject", head(size: 4))]).failure == .alreadyExists)
        let other = head(checksum: S3Checksum(of: [0]).text)
        #expect(try play([("PutObject", lost), ("HeadObject", other)]).failure == .alreadyExists)
    }

    @Test(arguments: [nil, "AAAA-3"] as [String?]) func readsTheFileWhereNoChecksumTells(checksum: String?) throws {
        let own: Reply = .success(.bytes(bytes))
        let start = [("PutObject", lost), ("HeadObject", head(checksum: checksum))]
        #expect(try play(start + [("GetObject", own)]).isDone)
        #expect(try play(start + [("GetObject", .success(.bytes([1, 2, 3, 4, 5])))]).failure == .alreadyExists)
        #expect(try play(start + [("GetObject", .success(.bytes([])))]).failure == .alreadyExists)
        #expect(try play(start + [("GetObject", fault(.unavailable))]).isUnknown)
    }

    @Test func sendsAgainWhereNothingIsThere() throws {
        #expect(try play([("PutObject", lost), ("HeadObject", absent), ("PutObject", .success(.created))]).isDone)
        // What was lost arrives in the meantime.
        #expect(
            try play([("PutObject", lost), ("HeadObject", absent), ("PutObject", refused), ("HeadObject", ownHead)])
                .isDone)
    }

    @Test func staysUnknownWhereNothingSettlesIt() throws {
        #expect(try play([("PutObject", lost), ("HeadObject", fault(.unavailable, "connectionLost"))]).isUnknown)
        #expect(try play([("PutObject", lost), ("HeadObject", fault(.accessDenied))]).isUnknown)
        let thrice = [(String, Reply)](repeating: ("PutObject", lost), count: 3)
        let script = thrice.flatMap { [$0, ("HeadObject", absent)] }
        #expect(try play(script).isUnknown)
    }

    @Test func aLaterCertainFaultDoesNotHideAnEarlierDoubt() throws {
        #expect(
            try play([
                ("PutObject", lost), ("HeadObject", absent), ("PutObject", fault(.accessDenied)),
                ("HeadObject", ownHead),
            ]).isDone)
        #expect(
            try play([
                ("PutObject", lost), ("HeadObject", absent), ("PutObject", fault(.credentials)),
                ("HeadObject", fault(.credentials)),
            ]).isUnknown)
    }

    @Test func sendsAgainAfterAConflict() throws {
        let conflict = fault(.conflict, "ConditionalRequestConflict")
        #expect(try play([("PutObject", conflict), ("PutObject", .success(.created))]).isDone)
        #expect(try play([("PutObject", conflict), ("PutObject", refused)]).failure == .alreadyExists)
        let thrice = [(String, Reply)](repeating: ("PutObject", conflict), count: 3)
        #expect(try play(thrice).failure == .conflict)
    }

    @Test func aReplyThatIsNotS3sIsADoubt() throws {
        let strange = fault(.malformedReply, "MalformedReply", mayHaveActed: true)
        #expect(try play([("PutObject", strange), ("HeadObject", ownHead)]).isDone)
        #expect(try play([("PutObject", strange), ("HeadObject", strange)]).isUnknown)
    }
}

extension PutResult? {
    var isDone: Bool { if case .done = self { true } else { false } }
    var isUnknown: Bool { if case .unknown = self { true } else { false } }
    var failure: IcebergError.Code? { if case .failed(let error) = self { error.code } else { nil } }
}
