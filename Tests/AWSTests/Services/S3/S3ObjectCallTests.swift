import HTTPTransport
import Testing

@testable import AWS

@Suite struct S3ObjectCallTests {
    private let bucket: S3Bucket
    // The SHA-256 of "hello", by `printf hello | openssl dgst -sha256`.
    private let helloBase64 = "LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ="
    private let helloHex = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"

    init() throws { bucket = try S3Scripts.bucket() }

    @Test func createsUnderTheConditionThatThereIsNone() throws {
        let call = bucket.createObject("a/b", Array("hello".utf8), S3Checksum(of: Array("hello".utf8)))
        let request = call.request
        #expect(request.method == .put && request.operation == "PutObject" && request.path == "/a/b")
        #expect(request.field("If-None-Match") == "*")
        #expect(request.field("x-amz-checksum-sha256") == helloBase64)
        #expect(request.payloadSignature == .known(helloHex))
        #expect(request.body == Array("hello".utf8) && request.isIdempotent)
        #expect(call.fault(S3Scripts.reply(200, "", ["ETag": "\"e\""])) == nil)
        let fault = call.fault(S3Scripts.reply(200, "<html>welcome</html>", ["Content-Type": "text/html"]))
        #expect(fault?.kind == .malformedReply && fault?.mayHaveActed == true && fault?.requestID == "R1")
    }

    @Test func comparesAnObjectWithItsChecksum() throws {
        let call = bucket.getObject("k", maximumBytes: 77)
        #expect(call.request.field("x-amz-checksum-mode") == "ENABLED")
        #expect(call.request.maximumResponseBytes == 77)
        let fields = ["ETag": "\"e\"", "x-amz-checksum-sha256": helloBase64]
        #expect(try call.reply(S3Scripts.reply(200, "hello", fields)) == Array("hello".utf8))
        #expect(call.fault(S3Scripts.reply(200, "hullo", fields))?.kind == .malformedReply)
        // A multipart object's checksum is not of its bytes.
        let composite = ["ETag": "\"e-2\"", "x-amz-checksum-sha256": "AAAA-2"]
        #expect(try call.reply(S3Scripts.reply(200, "hullo", composite)) == Array("hullo".utf8))
        #expect(call.fault(S3Scripts.reply(200, "hello"))?.kind == .malformedReply, "no entity tag: not from S3")
        #expect(call.fault(S3Scripts.reply(206, "hello", fields))?.kind == .malformedReply)
    }

    @Test(arguments: [
        (S3Range.bytes(from: 2, count: 3), "bytes=2-4", "bytes 2-4/10", "cde", true),
        (.bytes(from: 2, count: 3), "bytes=2-4", "bytes 2-4/10", "cd", false),
        (.bytes(from: 2, count: 3), "bytes=2-4", "bytes 1-3/10", "bcd", false),
        (.bytes(from: 2, count: 3), "bytes=2-4", "bytes 2-3/10", "cd", false),
        (.bytes(from: 8, count: 5), "bytes=8-12", "bytes 8-9/10", "ij", true),
        (.last(2), "bytes=-2", "bytes 8-9/10", "ij", true),
        (.last(20), "bytes=-20", "bytes 0-9/10", "abcdefghij", true),
        (.last(2), "bytes=-2", "bytes 7-8/10", "hi", false),
        (.last(2), "bytes=-2", "", "ij", false),
    ])
    func readsExactlyTheRange(range: S3Range, asked: String, told: String, body: String, isRight: Bool) {
        let call = bucket.getObject("k", range)
        #expect(call.request.field("Range") == asked)
        let response = S3Scripts.reply(206, body, ["ETag": "\"e\"", "Content-Range": told])
        #expect((call.fault(response) == nil) == isRight)
        #expect(call.fault(S3Scripts.reply(200, "abcdefghij", ["ETag": "\"e\""]))?.kind == .malformedReply)
    }

    @Test(arguments: [
        "bytes 0-9/10", "bytes 9-0/10", "bytes 0-10/10", "bytes -1-2/3", "bytes 0-9/*", "items 0-9/10", "0-9/10",
        "bytes 0-9/10/11", "bytes 99999999999999999999-9/10", "",
    ])
    func readsAContentRangeOnlyIfItIsOne(text: String) {
        #expect((S3ContentRange(text) != nil) == (text == "bytes 0-9/10"))
    }

    @Test func readsAHead() throws {
        let call = bucket.headObject("k")
        #expect(call.request.method == .head && call.request.field("x-amz-checksum-mode") == "ENABLED")
        let head = try call.reply(
            S3Scripts.reply(
                200, "", ["ETag": "\"e\"", "Content-Length": "5", "x-amz-checksum-sha256": helloBase64]))
        #expect(head == S3ObjectHead(size: 5, entityTag: "\"e\"", checksum: helloBase64))
        for length in [nil, "", "-1", "x", "99999999999999999999"] as [String?] {
            var fields = ["ETag": "\"e\""]
            fields["Content-Length"] = length
            #expect(call.fault(S3Scripts.reply(200, "", fields))?.kind == .malformedReply)
        }
    }

    @Test func writesChecksums() {
        #expect(S3Checksum(of: []).text == "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=")
        // base64(sha256(sha256("hello") + sha256(""))), by openssl.
        let parts = [S3Checksum(of: Array("hello".utf8)), S3Checksum(of: [])]
        #expect(S3Checksum.text(ofParts: parts) == "b1bLcxXy79o5JPlm/+6KC1kFdIH/4oeHbIY9tE8uVoM=-2")
    }
}
