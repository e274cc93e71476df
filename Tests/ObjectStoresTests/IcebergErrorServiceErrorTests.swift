import AWS
import Iceberg
import Testing

@testable import ObjectStores

@Suite struct IcebergErrorServiceErrorTests {
    @Test(arguments: [
        (ServiceError.Kind.notFound, "NoSuchKey", IcebergError.Code.notFound),
        (.notFound, "NoSuchBucket", .unavailable), (.preconditionFailed, "PreconditionFailed", .alreadyExists),
        (.conflict, "ConditionalRequestConflict", .conflict), (.credentials, "ExpiredToken", .unavailable),
        (.accessDenied, "AccessDenied", .unavailable), (.throttled, "SlowDown", .unavailable),
        (.unavailable, "InternalError", .unavailable), (.invalid, "EntityTooLarge", .unavailable),
        (.malformedReply, "MalformedReply", .unavailable), (.configuration, "MissingRegion", .unavailable),
    ])
    func keepsWhatDecides(kind: ServiceError.Kind, code: String, expected: IcebergError.Code) {
        let error = ServiceError(
            kind, service: "s3", operation: "PutObject", code: code, message: "why", mayHaveActed: false)
        #expect(IcebergError(error, at: "s3://lake/x").code == expected)
    }

    @Test func isOneLineThatNamesAll() {
        let error = ServiceError(
            .accessDenied, service: "s3", operation: "PutObject", code: "AccessDenied", message: "no kms:Decrypt",
            advice: "allow it", status: 403, requestID: "R1", mayHaveActed: false, attempts: 2)
        #expect(
            "\(IcebergError(error, at: "db.t", "s3://lake/x"))"
                == "db.t: s3://lake/x: s3 PutObject: AccessDenied [403]: no kms:Decrypt (request R1) after 2 attempts; "
                + "allow it (unavailable)")
    }
}
