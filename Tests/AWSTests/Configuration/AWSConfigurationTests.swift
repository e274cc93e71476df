import Testing

@testable import AWS

@Suite struct AWSConfigurationTests {
    private func configuration(_ environment: [String: String]) throws -> AWSConfiguration {
        try AWSConfiguration(environment: environment)
    }

    @Test func nothingSetIsNoError() throws {
        let configuration = try configuration([:])
        #expect(configuration.region == nil)
        #expect(configuration.maximumAttempts == 4)
        #expect(configuration.configuredEndpoint(of: .s3) == nil)
        let error = #expect(throws: ServiceError.self) { try configuration.endpoint(of: .s3) }
        #expect(error?.kind == .configuration)
        #expect(error?.description.contains("set AWS_REGION") == true)
    }

    @Test func regionOfTheSDKsComesBeforeTheDefault() throws {
        #expect(try configuration(["AWS_DEFAULT_REGION": "a-1", "AWS_REGION": "b-1"]).region == "b-1")
        #expect(try configuration(["AWS_DEFAULT_REGION": "a-1", "AWS_REGION": ""]).region == "a-1")
    }

    @Test(arguments: [
        ("eu-west-1", "https://glue.eu-west-1.amazonaws.com"),
        ("cn-north-1", "https://glue.cn-north-1.amazonaws.com.cn"),
        ("us-gov-west-1", "https://glue.us-gov-west-1.amazonaws.com"),
        ("us-iso-east-1", "https://glue.us-iso-east-1.c2s.ic.gov"),
        ("us-isob-east-1", "https://glue.us-isob-east-1.sc2s.sgov.gov"),
        ("eusc-de-east-1", "https://glue.eusc-de-east-1.amazonaws.eu"),
    ])
    func endpointLiesInTheRegionsPartition(_ region: String, _ endpoint: String) throws {
        #expect(try configuration(["AWS_REGION": region]).endpoint(of: .glue) == endpoint)
    }

    @Test func endpointsWithIPv6AndValidatedCryptography() throws {
        let flags = ["AWS_REGION": "us-east-1", "AWS_USE_DUALSTACK_ENDPOINT": "TRUE", "AWS_USE_FIPS_ENDPOINT": "true"]
        let configuration = try configuration(flags)
        #expect(try configuration.endpoint(of: .s3) == "https://s3-fips.dualstack.us-east-1.amazonaws.com")
        #expect(try configuration.endpoint(of: .glue) == "https://glue-fips.us-east-1.api.aws")
    }

    @Test func endpointOfOneServiceComesBeforeThatOfAll() throws {
        let both = [
            "AWS_ENDPOINT_URL": "http://localhost:1/", "AWS_ENDPOINT_URL_SECRETS_MANAGER": "https://Host:8443/base/",
        ]
        let configuration = try configuration(both)
        #expect(try configuration.endpoint(of: .secretsmanager) == "https://host:8443/base")
        #expect(try configuration.endpoint(of: .sts) == "http://localhost:1")
        let ignored = try self.configuration(
            both.merging(["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true"]) { $1 })
        #expect(ignored.configuredEndpoint(of: .secretsmanager) == nil)
    }

    @Test(arguments: ["EU", "eu west", "-a", "a-", "1", "é-1", String(repeating: "a", count: 64)])
    func regionThatNoneCanBeIsRefused(_ region: String) throws {
        let error = #expect(throws: AWSConfigurationError.self) { try configuration(["AWS_REGION": region]) }
        #expect(error?.faults.map(\.variable) == ["AWS_REGION"])
    }

    @Test func everyFaultIsNamedAtOnce() throws {
        let error = #expect(throws: AWSConfigurationError.self) {
            try configuration([
                "AWS_DEFAULT_REGION": "X", "AWS_MAX_ATTEMPTS": "none", "AWS_ENDPOINT_URL_S3": "host:1",
                "AWS_ENDPOINT_URL": "http://example.com", "AWS_SECRET_ACCESS_KEY": "hidden",
                "AWS_USE_FIPS_ENDPOINT": "1", "AWS_EC2_METADATA_SERVICE_ENDPOINT": "x",
                "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "no-slash",
            ])
        }
        #expect(
            error?.faults.map(\.variable) == [
                "AWS_DEFAULT_REGION", "AWS_MAX_ATTEMPTS", "AWS_USE_FIPS_ENDPOINT", "AWS_ACCESS_KEY_ID",
                "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_EC2_METADATA_SERVICE_ENDPOINT", "AWS_ENDPOINT_URL",
                "AWS_ENDPOINT_URL_S3",
            ])
        #expect(error?.description.contains("hidden") == false)
        #expect(error?.description.contains("\n") == false)
    }

    @Test func credentialsWithALineBreakAreRefusedAndNotShown() {
        let error = #expect(throws: AWSConfigurationError.self) {
            try configuration(["AWS_ACCESS_KEY_ID": "AKID", "AWS_SECRET_ACCESS_KEY": "hidden\n"])
        }
        #expect(error?.faults.map(\.variable) == ["AWS_SECRET_ACCESS_KEY"])
        #expect(error?.description.contains("hidden") == false)
    }
}
