import HTTPTransport
import Testing

@testable import AWS

/// What the tests of S3 share: a bucket, and replies as S3 writes them.
enum S3Scripts {
    static func configuration(_ more: [String: String] = [:]) throws -> AWSConfiguration {
        try AWSConfiguration(environment: ["AWS_REGION": "eu-west-1"].merging(more) { $1 })
    }

    static func bucket(_ name: String = "lake") throws -> S3Bucket {
        try S3Bucket(name, try configuration())
    }

    static func reply(_ status: Int = 200, _ body: String = "", _ fields: [String: String] = [:]) -> HTTPResponse {
        HTTPResponse(
            status: status,
            fields: fields.map { HTTPField($0.key, $0.value) } + [HTTPField("x-amz-request-id", "R1")],
            body: Array(body.utf8))
    }
}

extension S3Call {
    /// The fault that a reply is; nil if it is none.
    func fault(_ response: HTTPResponse) -> ServiceError? {
        do throws(ServiceError) {
            _ = try reply(response)
            return nil
        } catch {
            return error
        }
    }
}

extension ServiceRequest {
    func field(_ name: String) -> String? { fields.first { $0.name.lowercased() == name.lowercased() }?.value }

    var queryTexts: [String] { query.map { "\($0.name)=\($0.value)" } }
}
