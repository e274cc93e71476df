import HTTPTransport
import TestSupport
import Testing

@testable import AWS

@Suite struct S3ListingCallTests {
    private let bucket: S3Bucket

    init() throws { bucket = try S3Scripts.bucket() }

    private func page(_ inner: String) -> HTTPResponse {
        S3Scripts.reply(
            200,
            """
            <?xml version="1.0" encoding="UTF-8"?>
            <ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>lake</Name>\(inner)</ListBucketResult>
            """)
    }

    private func object(_ key: String, size: String = "3", at time: String = "2026-01-31T10:20:30.000Z") -> String {
        "<Contents><Key>\(key)</Key><LastModified>\(time)</LastModified><ETag>&quot;e&quot;</ETag><Size>\(size)</Size>"
            + "<StorageClass>STANDARD</StorageClass></Contents>"
    }

    @Test func asksForEncodedKeysAndTheNextPage() {
        #expect(
            bucket.listObjects("a b/").request.queryTexts
                == ["list-type=2", "encoding-type=url", "max-keys=1000", "prefix=a b/"])
        let request = bucket.listObjects("p", after: "t+/=", count: 7).request
        #expect(
            request.queryTexts
                == ["list-type=2", "encoding-type=url", "max-keys=7", "prefix=p", "continuation-token=t+/="])
        #expect(request.path == "/")
    }

    @Test func readsAPage() throws {
        let body =
            "<EncodingType>url</EncodingType><IsTruncated>true</IsTruncated>"
            + "<NextContinuationToken>n==</NextContinuationToken>"
            + object("a%2Fb+c%2B%E6%97%A5%01", size: "12", at: "2026-01-31T10:20:30.250Z") + object("plain")
        let found = try bucket.listObjects("").reply(page(body))
        #expect(found.nextToken == "n==")
        #expect(
            found.objects == [
                S3ListedObject(key: "a/b c+日\u{1}", size: 12, modifiedMs: 1_769_854_830_250),
                S3ListedObject(key: "plain", size: 3, modifiedMs: 1_769_854_830_000),
            ])
        let plain = try bucket.listObjects("").reply(page("<IsTruncated>false</IsTruncated>" + object("a%2Fb+c")))
        #expect(plain.objects.map(\.key) == ["a%2Fb+c"], "decoded only where the reply says that it is encoded")
        #expect(plain.nextToken == nil)
        #expect(try bucket.listObjects("").reply(page("")) == S3Page(objects: [], nextToken: nil))
    }

    @Test func refusesAPageThatIsNone() {
        let encoded = "<EncodingType>url</EncodingType>"
        for inner in [
            "<Contents/>", object("k", size: "-1"), object("k", size: "x"), object("k", at: "yesterday"),
            encoded + object("%2"), encoded + object("%zz"), encoded + object("%FF"),
            "<IsTruncated>true</IsTruncated>",
            "<IsTruncated>true</IsTruncated><NextContinuationToken>same</NextContinuationToken>",
        ] {
            let fault = bucket.listObjects("", after: "same").fault(page(inner))
            #expect(fault?.kind == .malformedReply)
        }
        #expect(bucket.listObjects("").fault(S3Scripts.reply(200, "<html></html>"))?.kind == .malformedReply)
        #expect(bucket.listObjects("").fault(S3Scripts.reply(200, ""))?.kind == .malformedReply)
    }

    @Test func anyPageIsReadOrRefused() {
        let call = bucket.listObjects("")
        let whole = page("<EncodingType>url</EncodingType>" + object("a%2Fb") + object("b")).body
        var random = SeededGenerator(seed: 11)
        for _ in 0..<5_000 {
            var body = whole
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                let place = Int.random(in: 0..<body.count, using: &random)
                if Bool.random(using: &random) {
                    body[place] = Array("%<>&0T-Z\u{0}".utf8).randomElement(using: &random) ?? 0
                } else {
                    body.removeSubrange(place..<min(place + 9, body.count))
                }
                if body.isEmpty { break }
            }
            let fault = call.fault(HTTPResponse(status: 200, body: body))
            #expect(fault == nil || fault?.kind == .malformedReply)
        }
    }
}
