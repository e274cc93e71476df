import HTTPTransport
import Testing

@testable import AWS

@Suite struct S3MultipartCallTests {
    private let bucket: S3Bucket

    init() throws { bucket = try S3Scripts.bucket() }

    @Test func beginsAnUpload() throws {
        let call = bucket.createUpload("k")
        #expect(call.request.method == .post && call.request.queryTexts == ["uploads="])
        #expect(call.request.field("x-amz-checksum-algorithm") == "SHA256")
        let body = "<InitiateMultipartUploadResult><Key>k</Key><UploadId>u/1</UploadId></InitiateMultipartUploadResult>"
        #expect(try call.reply(S3Scripts.reply(200, body)) == "u/1")
        for body in ["", "<InitiateMultipartUploadResult/>", "<Other><UploadId>u</UploadId></Other>"] {
            #expect(call.fault(S3Scripts.reply(200, body))?.kind == .malformedReply)
        }
    }

    @Test func sendsAndCompletesParts() throws {
        let part = bucket.uploadPart("k", upload: "u/1", number: 7, [1, 2])
        #expect(part.request.queryTexts == ["partNumber=7", "uploadId=u/1"])
        #expect(part.request.field("x-amz-checksum-sha256") == S3Checksum(of: [1, 2]).text)
        #expect(part.request.field("If-None-Match") == nil)
        let taken = try part.reply(S3Scripts.reply(200, "", ["ETag": "\"p7\""]))
        #expect(taken == S3Part(number: 7, entityTag: "\"p7\"", checksum: S3Checksum(of: [1, 2])))
        #expect(part.fault(S3Scripts.reply())?.kind == .malformedReply)

        let request = bucket.completeUpload("k", upload: "u/1", [taken]).request
        #expect(request.field("If-None-Match") == "*" && request.queryTexts == ["uploadId=u/1"])
        let root = try XMLElement.read(request.body)
        #expect(root.name == "CompleteMultipartUpload")
        #expect(root["Part"]?.text(of: "PartNumber") == "7")
        #expect(root["Part"]?.text(of: "ETag") == "\"p7\"")
        #expect(root["Part"]?.text(of: "ChecksumSHA256") == S3Checksum(of: [1, 2]).text)
    }

    @Test(
        arguments: [
            ("<CompleteMultipartUploadResult><ETag>\"e-1\"</ETag></CompleteMultipartUploadResult>", nil, false),
            ("<Error><Code>InternalError</Code><Message>try again</Message></Error>", .unavailable, true),
            ("<Error><Code>SlowDown</Code><Message>less</Message></Error>", .throttled, false),
            ("<Error><Code>PreconditionFailed</Code></Error>", .preconditionFailed, false),
            ("", .malformedReply, true), ("<html/>", .malformedReply, true),
            ("<CompleteMultipartUploadResult>", .malformedReply, true),
        ] as [(String, ServiceError.Kind?, Bool)])
    func findsAFaultBehindAStatusOf200(body: String, kind: ServiceError.Kind?, mayHaveActed: Bool) {
        // S3 sends spaces while it works, and then the document.
        let call = bucket.completeUpload("k", upload: "u", [])
        let fault = call.fault(S3Scripts.reply(200, "<?xml version=\"1.0\"?>\n   \(body)"))
        #expect(fault?.kind == kind)
        #expect(fault?.mayHaveActed ?? false == mayHaveActed)
        #expect(fault == nil || fault?.requestID == "R1")
    }

    @Test func aborts() {
        let request = bucket.abortUpload("k", upload: "u").request
        #expect(request.method == .delete && request.queryTexts == ["uploadId=u"] && request.path == "/k")
    }
}
