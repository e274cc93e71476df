import Testing

@testable import AWS

@Suite struct XMLErrorReplyTests {
    private func parse(_ text: String) -> [String?]? {
        XMLErrorReply.parse(Array(text.utf8)).map { [$0.code, $0.message, $0.requestID] }
    }

    @Test func readsTheShapeOfS3() {
        let reply = parse(
            """
            <?xml version="1.0" encoding="UTF-8"?>
            <Error><Code>NoSuchKey</Code><Message>The specified key
              does not exist.</Message><Key>a</Key><RequestId>4442587FB7D0A2F9</RequestId><HostId>x</HostId></Error>
            """)
        #expect(reply == ["NoSuchKey", "The specified key does not exist.", "4442587FB7D0A2F9"])
    }

    @Test func readsTheShapeOfTheQueryProtocols() {
        let reply = parse(
            """
            <ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type>
            <Code>ExpiredToken</Code><Message>The token has expired</Message></Error>
            <RequestId>c6104cbe-af31-11e0-8154-cbc7ccf896c7</RequestId></ErrorResponse>
            """)
        #expect(reply == ["ExpiredToken", "The token has expired", "c6104cbe-af31-11e0-8154-cbc7ccf896c7"])
    }

    @Test func tellsWhereTheBucketIs() {
        #expect(
            parse(
                """
                <Error><Code>PermanentRedirect</Code><Message>Use the endpoint.</Message>
                <Endpoint>lake.s3.eu-west-1.amazonaws.com</Endpoint><Bucket>lake</Bucket></Error>
                """) == ["PermanentRedirect", "Use the endpoint. (its endpoint: lake.s3.eu-west-1.amazonaws.com)", nil])
        #expect(
            parse(
                """
                <Error><Code>AuthorizationHeaderMalformed</Code><Message>the region 'us-east-1' is wrong; expecting \
                'eu-west-1'</Message><Region>eu-west-1</Region></Error>
                """)
                == ["AuthorizationHeaderMalformed", "the region 'us-east-1' is wrong; expecting 'eu-west-1'", nil])
    }

    @Test func isOneShortLine() throws {
        let long = String(repeating: "word\n\t ", count: 1_000)
        let reply = try #require(parse("<Error><Code>A</Code><Message>\(long)\u{7F}</Message></Error>"))
        let message = try #require(reply[1])
        #expect(message.count == 601 && message.hasPrefix("word word word") && message.hasSuffix("…"))
    }

    @Test(arguments: [
        "", "Service Unavailable", "<html><body>502</body></html>", "<Error></Error>", "<Error><Code> </Code></Error>",
        "<ErrorResponse><Code>A</Code></ErrorResponse>", "<Error><Code>A</Code>",
    ])
    func isNilForAnythingElse(text: String) { #expect(parse(text) == nil) }
}
