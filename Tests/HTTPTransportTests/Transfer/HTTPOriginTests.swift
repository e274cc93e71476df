import Testing

@testable import HTTPTransport

@Suite struct HTTPOriginTests {
    @Test(arguments: [
        ("https://s3.eu-west-1.amazonaws.com/b", "s3.eu-west-1.amazonaws.com:443"),
        ("https://S3.Amazonaws.COM:8443?x", "s3.amazonaws.com:8443"), ("http://127.0.0.1:9000/", "127.0.0.1:9000"),
        ("http://[::1]", "[::1]:80"), ("http://[::1]:8080/a:1", "[::1]:8080"),
        ("https://a_b-c.d/?x=1:2", "a_b-c.d:443"),
        ("https://[2001:db8::FF]/", "[2001:db8::ff]:443"), ("https://h/a@b:c", "h:443"),
    ])
    func aURLNamesHostAndPort(_ url: String, _ name: String) throws {
        #expect(try HTTPOrigin(url: url).name == name)
    }

    @Test(arguments: [
        "http://169.254.169.254/latest/api/token", "http://169.254.170.2/v2/credentials/x",
        "http://169.254.170.23/v1/credentials", "http://[fd00:ec2::254]/latest", "http://[fd00:ec2::23]/v1",
        "http://[FD00:EC2:0:0:0:0:0:254]/latest", "http://127.0.0.1", "http://localhost:80",
    ])
    func credentialsAreHandedOutInPlain(_ url: String) throws {
        #expect(try !HTTPOrigin(url: url).isSecure)
    }

    @Test(arguments: [
        ("https://glue.us-east-1.amazonaws.com/", true), ("https://s3.cn-north-1.amazonaws.com.cn/", true),
        ("https://lambda.us-east-1.api.aws/", true), ("https://amazonaws.com/", false),
        ("https://evilamazonaws.com/", false), ("https://amazonaws.com.evil.test/", false),
        ("http://127.0.0.1/", false), ("https://example.com/.amazonaws.com", false),
    ])
    func hostsOfAmazonAreKnown(_ url: String, _ isAmazon: Bool) throws {
        #expect(try HTTPOrigin(url: url).isAmazon == isAmazon)
    }
}
