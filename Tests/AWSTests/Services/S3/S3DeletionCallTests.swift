import HTTPTransport
import Testing

@testable import AWS

@Suite struct S3DeletionCallTests {
    private let bucket: S3Bucket

    init() throws { bucket = try S3Scripts.bucket() }

    @Test func writesKeysThatAreReadBack() throws {
        let keys = ["a/b", "a&b<c>\"d'", "tab\t", "cr\rlf\n", " lead", "日本/é", "a+b%20", "]]>"]
        let request = bucket.deleteObjects(keys).request
        #expect(request.method == .post && request.queryTexts == ["delete="])
        #expect(request.field("x-amz-checksum-sha256") == S3Checksum(of: request.body).text)
        let root = try XMLElement.read(request.body)
        #expect(root.name == "Delete" && root.text(of: "Quiet") == "true")
        #expect(root.all("Object").compactMap { $0.text(of: "Key") } == keys)
    }

    @Test func knowsWhatXMLCannotWrite() {
        for key in ["a\u{0}", "a\u{1}b", "\u{1F}", "\u{FFFE}", "\u{FFFF}"] { #expect(!S3Bucket.canDeleteInBatch(key)) }
        for key in ["a", "\t\r\n", "日\u{10FFFF}", "\u{7F}"] { #expect(S3Bucket.canDeleteInBatch(key)) }
    }

    @Test func tellsWhatWasNotDeleted() throws {
        let call = bucket.deleteObjects(["a", "b", "c"])
        #expect(try call.reply(S3Scripts.reply(200, "<DeleteResult/>")) == [])
        let some = """
            <DeleteResult><Error><Key>a</Key><Code>AccessDenied</Code><Message>no</Message></Error>
            <Error><Key>b</Key><Code>NoSuchKey</Code></Error><Deleted><Key>c</Key></Deleted></DeleteResult>
            """
        #expect(try call.reply(S3Scripts.reply(200, some)) == [S3Undeleted(key: "a", code: "AccessDenied")])
        let nameless = "<DeleteResult><Error><Code>InternalError</Code></Error></DeleteResult>"
        #expect(call.fault(S3Scripts.reply(200, nameless))?.kind == .malformedReply)
        let fault = call.fault(S3Scripts.reply(200, "<Error><Code>InternalError</Code></Error>"))
        #expect(fault?.kind == .unavailable && fault?.operation == "DeleteObjects")
    }
}
