import HTTPTransport
import Testing

@testable import AWS

@Suite struct CallFaultTests {
    private func fault(
        _ status: Int, _ code: String = "", _ message: String = "", service: AWSService = .glue,
        _ fields: [String: String] = [:]
    ) -> CallFault {
        var request = ServiceRequest.call()
        request.service = service
        let body = #"{"__type":"\#(code)","message":"\#(message)"}"#
        return CallFault(
            reply(status, body, fields), to: request, clock: CallClock(nowMs: 0), signedFor: "us-east-1")
    }

    @Test(
        arguments: [
            (403, "AccessDenied", .accessDenied), (400, "AccessDeniedException", .accessDenied),
            (403, "", .accessDenied),
            (400, "KMS.DisabledException", .accessDenied), (400, "KMSAccessDeniedException", .accessDenied),
            (403, "InvalidAccessKeyId", .credentials), (400, "UnrecognizedClientException", .credentials),
            (403, "SignatureDoesNotMatch", .credentials), (400, "ExpiredToken", .credentials), (401, "", .credentials),
            (404, "NoSuchBucket", .notFound), (400, "EntityNotFoundException", .notFound), (404, "", .notFound),
            (400, "AlreadyExistsException", .preconditionFailed), (412, "", .preconditionFailed),
            (400, "ConcurrentModificationException", .conflict), (409, "ConditionalRequestConflict", .conflict),
            (409, "", .conflict), (400, "ThrottlingException", .throttled), (503, "SlowDown", .throttled),
            (429, "", .throttled), (400, "KmsThrottled", .throttled), (419, "", .credentials), (500, "", .unavailable),
            (400, "OperationTimeoutException", .unavailable),
            (400, "RequestTimeout", .unavailable), (400, "ValidationException", .invalid), (418, "", .invalid),
            (301, "", .configuration), (400, "AuthorizationHeaderMalformed", .configuration),
            (409, "AlreadyExistsException", .preconditionFailed), (409, "CommitFailedException", .conflict),
        ] as [(Int, String, ServiceError.Kind)])
    func kindFollowsFromCodeAndStatus(_ status: Int, _ code: String, _ kind: ServiceError.Kind) {
        #expect(fault(status, code).error.kind == kind)
    }

    @Test(arguments: [
        (500, "", true), (502, "", true), (503, "", true), (504, "", true), (501, "", false), (400, "", false),
        (503, "SlowDown", false), (500, "ThrottlingException", false), (400, "OperationTimeoutException", true),
        (400, "InternalServiceException", true), (408, "", false), (400, "RequestTimeout", false), (409, "", false),
    ])
    func whatMayHaveHappened(_ status: Int, _ code: String, _ mayHaveActed: Bool) {
        #expect(fault(status, code).error.mayHaveActed == mayHaveActed)
    }

    @Test(arguments: [
        ("AccessDenied", "not authorized to perform: kms:Decrypt on key", AWSService.s3, "kms:GenerateDataKey"),
        ("KMS.NotFoundException", "", .s3, "kms:GenerateDataKey"), ("KmsDisabled", "", .sqs, "kms:Decrypt"),
        ("DecryptionFailure", "", .secretsmanager, "kms:Decrypt"),
        ("GlueEncryptionException", "", .glue, "kms:Decrypt"), ("AccessDenied", "no", .s3, "policy"),
        ("ExpiredToken", "", .s3, "expired"), ("InvalidAccessKeyId", "", .s3, "AWS_ACCESS_KEY_ID"),
        ("SignatureDoesNotMatch", "", .s3, "AWS_SECRET_ACCESS_KEY"), ("RequestTimeTooSkewed", "", .s3, "clock"),
        ("NoSuchBucket", "", .s3, "create the bucket"),
        ("EntityNotFoundException", "Database x not found.", .glue, "create the database"),
        ("EntityNotFoundException", "Table y not found.", .glue, "create the table"),
        ("ResourceNotFoundException", "", .secretsmanager, "ARN"),
        ("ResourceNotFoundException", "", .kinesis, "stream"),
    ])
    func adviceSaysWhatToDo(_ code: String, _ message: String, _ service: AWSService, _ words: String) {
        let error = fault(400, code, message, service: service).error
        #expect(error.advice.contains(words))
        #expect(error.description.contains("; \(error.advice)"))
    }

    @Test(
        arguments: [
            (301, "PermanentRedirect", "", ["x-amz-bucket-region": "eu-north-1"], "eu-north-1"),
            (400, "", "", ["x-amz-bucket-region": "eu-north-1"], "eu-north-1"),
            (
                400, "AuthorizationHeaderMalformed", "the region 'us-east-1' is wrong; expecting 'eu-central-1'", [:],
                "eu-central-1"
            ),
            (400, "AuthorizationHeaderMalformed", "wrong (its region: ap-east-1)", [:], "ap-east-1"),
            (
                301, "PermanentRedirect", "elsewhere (its region: ap-east-1)", ["x-amz-bucket-region": "ap-east-2"],
                "ap-east-2"
            ),
        ] as [(Int, String, String, [String: String], String)])
    func rightRegionIsNamed(
        _ status: Int, _ code: String, _ message: String, _ fields: [String: String], _ region: String
    ) {
        let error = fault(status, code, message, service: .s3, fields).error
        #expect(error.kind == .configuration)
        #expect(error.advice.contains("AWS_REGION=\(region)"))
    }

    @Test func regionThatNoneCanBeIsNotNamed() {
        let error = fault(301, "", "", ["x-amz-bucket-region": "X Y"]).error
        #expect(error.kind == .configuration && !error.advice.contains("X Y"))
    }

    @Test func signatureForAnotherRegionIsNoWrongKey() {
        let error = fault(403, "InvalidSignatureException", "Credential should be scoped to a valid region.").error
        #expect(error.kind == .configuration && error.advice.contains("AWS_REGION"))
    }

    @Test func tokenThatExpiredIsForItsOwnerToRenew() {
        var request = ServiceRequest.call()
        request.authorization = .bearer("token")
        for status in [401, 419] {
            let fault = CallFault(reply(status, #"{"error":"ExpiredToken"}"#), to: request, clock: CallClock(nowMs: 0))
            #expect(fault.error.kind == .credentials && fault.remedy == .none)
        }
    }

    @Test func redirectOfACatalogIsNoMatterOfRegions() {
        var request = ServiceRequest.call()
        request.authorization = .bearer("token")
        let error = CallFault(reply(302, ""), to: request, clock: CallClock(nowMs: 0)).error
        #expect(error.advice.contains("endpoint") && !error.advice.contains("REGION"))
    }

    @Test func regionOfABucketInAnyOtherRefusalIsNoFault() {
        #expect(fault(404, "NoSuchKey", "", service: .s3, ["x-amz-bucket-region": "eu-west-1"]).error.kind == .notFound)
        #expect(
            fault(400, "InvalidArgument", "", service: .s3, ["x-amz-bucket-region": "us-east-1"]).error.kind == .invalid
        )
        #expect(fault(304, "", "", service: .s3, ["x-amz-bucket-region": "eu-west-1"]).error.kind == .invalid)
    }
}
