import Iceberg
import Testing

@testable import AWS
@testable import ObjectStores

/// Every way in which an upload in parts may go, without a network.
@Suite struct S3PartedPutTests {
    typealias Reply = Result<S3Put.Reply, ServiceError>

    private let bucket: S3Bucket
    // Three parts: 5 MiB, 5 MiB, 1 byte.
    private let bytes = [UInt8](repeating: 7, count: 10 << 20 + 1)

    init() throws {
        bucket = try S3Bucket("lake", try AWSConfiguration(environment: ["AWS_REGION": "eu-west-1"]))
    }

    private func put(atOnce: Int = 2) -> S3Put {
        S3Put(
            NewFile(location: "s3://lake/k", bytes: bytes), in: bucket, key: "k",
            S3UploadPlan(threshold: 1 << 20, partSize: 5 << 20, partsAtOnce: atOnce))
    }

    private func fault(_ kind: ServiceError.Kind, mayHaveActed: Bool = false) -> Reply {
        .failure(
            ServiceError(
                kind, service: "s3", operation: "X", code: "Fault", message: "", mayHaveActed: mayHaveActed))
    }

    /// Answers calls as S3 would, but for those whose operation has a fault left in the script.
    private func play(_ put: inout S3Put, _ script: [String: [Reply]]) -> [String] {
        var script = script
        var log: [String] = []
        while put.result == nil, log.count < 100 {
            let calls = put.next()
            log.append(calls.map(\.request.operation).joined(separator: "+"))
            put.take(
                calls.map { call in
                    let operation = call.request.operation
                    if var replies = script[operation], !replies.isEmpty {
                        let reply = replies.removeFirst()
                        script[operation] = replies
                        return reply
                    }
                    return answer(call.request)
                })
        }
        return log
    }

    private func answer(_ request: ServiceRequest) -> Reply {
        switch request.operation {
        case "CreateMultipartUpload": return .success(.upload("u"))
        case "UploadPart":
            let number = request.query.first { $0.name == "partNumber" }.flatMap { Int($0.value) } ?? 0
            return .success(
                .part(S3Part(number: number, entityTag: "\"p\(number)\"", checksum: S3Checksum(of: request.body))))
        case "CompleteMultipartUpload": return .success(.created)
        case "AbortMultipartUpload": return .success(.aborted)
        default: return fault(.notFound)
        }
    }

    private var ownHead: Reply {
        let parts = [bytes[..<(5 << 20)], bytes[(5 << 20)..<(10 << 20)], bytes[(10 << 20)...]]
        let checksum = S3Checksum.text(ofParts: parts.map { S3Checksum(of: Array($0)) })
        return .success(.head(S3ObjectHead(size: Int64(bytes.count), entityTag: "\"e-3\"", checksum: checksum)))
    }

    @Test(arguments: [(1, 3), (2, 2), (8, 1)]) func sendsPartsInParallel(atOnce: Int, waves: Int) {
        var put = put(atOnce: atOnce)
        let log = play(&put, [:])
        #expect(put.result.isDone)
        #expect(log.count == waves + 2)
        #expect(log.joined(separator: "+").split(separator: "+").filter { $0 == "UploadPart" }.count == 3)
        #expect(log.first == "CreateMultipartUpload" && log.last == "CompleteMultipartUpload")
    }

    @Test func theBodiesAreTheFilesBytesInOrder() {
        var put = put(atOnce: 8)
        put.take([.success(.upload("u"))])
        let calls = put.next()
        #expect(calls.flatMap(\.request.body) == bytes)
        #expect(calls.map(\.request.body.count) == [5 << 20, 5 << 20, 1])
    }

    @Test func dropsTheUploadIfAPartFails() {
        var put = put()
        let log = play(&put, ["UploadPart": [answer(part(1)), fault(.unavailable, mayHaveActed: true)]])
        #expect(put.result.failure == .unavailable)
        #expect(log == ["CreateMultipartUpload", "UploadPart+UploadPart", "AbortMultipartUpload"])
    }

    private func part(_ number: Int) -> ServiceRequest {
        bucket.uploadPart("k", upload: "u", number: number, [1]).request
    }

    @Test func sendsAgainWhatWasNotAnsweredByS3() {
        let strange = fault(.malformedReply, mayHaveActed: true)
        var put = put(atOnce: 3)
        let log = play(
            &put, ["CreateMultipartUpload": [strange], "UploadPart": [answer(part(1)), strange, answer(part(3))]])
        #expect(put.result.isDone)
        #expect(
            log == [
                "CreateMultipartUpload", "CreateMultipartUpload", "UploadPart+UploadPart+UploadPart",
                "UploadPart+UploadPart", "CompleteMultipartUpload",
            ])
        #expect(put.taken.map(\.number) == [1, 2, 3])
    }

    @Test(arguments: ["CreateMultipartUpload", "UploadPart"]) func aLaterFaultDoesNotHideAnEarlierDoubt(later: String) {
        var put = put(atOnce: 8)
        let lost = [Reply](repeating: fault(.unavailable, mayHaveActed: true), count: 3)
        var script = ["CompleteMultipartUpload": lost, "HeadObject": [fault(.notFound), fault(.unavailable)]]
        // The upload is begun anew, which fails for certain; but the first may have been completed after all.
        script[later] = later == "UploadPart" ? (1...3).map { answer(part($0)) } : [.success(.upload("u"))]
        script[later]? += [fault(.accessDenied)]
        _ = play(&put, script)
        #expect(put.result.isUnknown)
    }

    @Test func anUploadThatCannotBeginIsAFailure() {
        var put = put()
        #expect(play(&put, ["CreateMultipartUpload": [fault(.unavailable, mayHaveActed: true)]]).count == 1)
        #expect(put.result.failure == .unavailable)
    }

    @Test func anotherFileOfTheNameIsAFailure() {
        var put = put(atOnce: 8)
        let log = play(&put, ["CompleteMultipartUpload": [fault(.preconditionFailed)]])
        #expect(put.result.failure == .alreadyExists)
        #expect(log.last == "AbortMultipartUpload")
    }

    @Test func completesAgainAfterAFaultOfS3s() {
        for kind in [ServiceError.Kind.unavailable, .throttled, .malformedReply] {
            var put = put(atOnce: 8)
            let log = play(&put, ["CompleteMultipartUpload": [fault(kind, mayHaveActed: kind != .throttled)]])
            #expect(put.result.isDone)
            #expect(log.suffix(2) == ["CompleteMultipartUpload", "CompleteMultipartUpload"])
        }
    }

    @Test func findsItsOwnFileAfterALostReply() {
        // The first attempt did it; the second finds the object there, or the upload gone.
        for second in [ServiceError.Kind.preconditionFailed, .notFound] {
            var put = put(atOnce: 8)
            let log = play(
                &put,
                [
                    "CompleteMultipartUpload": [fault(.unavailable, mayHaveActed: true), fault(second)],
                    "HeadObject": [ownHead],
                ])
            #expect(put.result.isDone)
            #expect(log.contains("HeadObject"))
        }
    }

    @Test func comparesTheBytesWhereTheChecksumIsOfOtherParts() {
        let head: Reply = .success(.head(S3ObjectHead(size: Int64(bytes.count), entityTag: "\"e\"", checksum: "AA-9")))
        let first = Array(bytes[..<(8 << 20)])
        let rest = Array(bytes[(8 << 20)...])
        for (second, isOwn) in [(rest, true), (Array(rest.dropLast() + [8]), false)] {
            var put = put(atOnce: 8)
            let log = play(
                &put,
                [
                    "CompleteMultipartUpload": [fault(.preconditionFailed, mayHaveActed: true)],
                    "HeadObject": [head], "GetObject": [.success(.bytes(first)), .success(.bytes(second))],
                ])
            #expect(put.result.isDone == isOwn)
            #expect(put.result.failure == (isOwn ? nil : .alreadyExists))
            #expect(log.filter { $0 == "GetObject" }.count == 2)
        }
    }

    @Test func beginsAnewAfterAConflict() {
        var put = put(atOnce: 8)
        let log = play(&put, ["CompleteMultipartUpload": [fault(.conflict)]])
        #expect(put.result.isDone)
        #expect(log.filter { $0 == "CreateMultipartUpload" }.count == 2)
        #expect(log.contains("AbortMultipartUpload"))
    }

    @Test func beginsAnewWhereTheUploadIsGoneAndNothingIsThere() {
        var put = put(atOnce: 8)
        let log = play(&put, ["CompleteMultipartUpload": [fault(.notFound)]])
        #expect(put.result.isDone)
        #expect(log.filter { $0 == "CreateMultipartUpload" }.count == 2)
    }

    @Test func staysUnknownWhereNothingSettlesIt() {
        var put = put(atOnce: 8)
        let lost = [Reply](repeating: fault(.unavailable, mayHaveActed: true), count: 100)
        let log = play(&put, ["CompleteMultipartUpload": lost, "HeadObject": lost])
        #expect(put.result.isUnknown)
        #expect(log.last == "HeadObject", "an upload that may yet be completed is not dropped")
    }

    @Test(arguments: [ServiceError.Kind.accessDenied, .invalid, .credentials])
    func aCertainFaultDropsTheUpload(kind: ServiceError.Kind) {
        var put = put(atOnce: 8)
        let log = play(&put, ["CompleteMultipartUpload": [fault(kind)], "AbortMultipartUpload": [fault(kind)]])
        #expect(put.result.failure == .unavailable)
        #expect(log.last == "AbortMultipartUpload")
    }
}
