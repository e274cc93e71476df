internal import HTTPTransport

/// One bucket, and how it is addressed. Its functions make calls; ``S3`` sends them.
public struct S3Bucket: Equatable, Sendable {
    /// Its name.
    public let name: String
    /// Where requests go.
    let endpoint: String
    /// What the path has before `/` and the key.
    let root: String

    /// A bucket at S3's endpoint. The bucket is part of the host's name at AWS, whose certificates cover such names; part
    /// of the path if there are dots in its name, and at other services.
    /// - Throws: ``ServiceError/Kind/configuration`` for a name that no bucket can have, and for a region that is missing.
    public init(_ name: String, _ configuration: AWSConfiguration) throws(ServiceError) {
        guard Self.isName(name) else {
            throw ServiceError(
                .configuration, service: AWSService.s3.id, operation: "endpoint", code: "InvalidBucketName",
                message: "a bucket's name has 3 to 63 lower-case letters, digits, dots and hyphens",
                advice: "correct the bucket's name", mayHaveActed: false, attempts: 0)
        }
        guard !name.hasSuffix("--x-s3") else {
            throw ServiceError(
                .configuration, service: AWSService.s3.id, operation: "endpoint", code: "DirectoryBucket",
                message: "this is a directory bucket, of S3 Express One Zone, which speaks otherwise",
                advice: "name a general purpose bucket", mayHaveActed: false, attempts: 0)
        }
        self.name = name
        let text = try configuration.endpoint(of: .s3)
        let isOwn = configuration.configuredEndpoint(of: .s3) == nil
        let isLabel = !name.utf8.contains { $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "_") }
        if isLabel, let parts = ServiceEndpoint(text), parts.scheme == "https", parts.basePath.isEmpty,
            isOwn || Self.isOfAWS(parts.host)
        {
            endpoint = "https://\(name).\(parts.authority)"
            root = ""
        } else {
            endpoint = text
            root = "/\(name)"
        }
    }

    /// The rules of today's names, and underscores, which old buckets of us-east-1 have.
    private static func isName(_ name: String) -> Bool {
        func isLetterOrDigit(_ byte: UInt8) -> Bool {
            byte >= UInt8(ascii: "a") && byte <= UInt8(ascii: "z")
                || byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
        }
        let bytes = Array(name.utf8)
        guard (3...63).contains(bytes.count), let first = bytes.first, let last = bytes.last else { return false }
        return isLetterOrDigit(first) && isLetterOrDigit(last) && !name.holds("..")
            && bytes.allSatisfy { isLetterOrDigit($0) || "-._".utf8.contains($0) }
    }

    /// Whether an endpoint that was configured is AWS's after all, such as one of a virtual private cloud.
    private static func isOfAWS(_ host: String) -> Bool {
        host.hasSuffix(".amazonaws.com") || host.hasSuffix(".amazonaws.com.cn")
    }

    /// A request of the bucket itself, or of an object in it. All are idempotent: those that create do so under a
    /// condition that a second one fails.
    func request(
        _ operation: String, _ method: HTTPMethod, _ key: String = "",
        query: [(name: String, value: String)] = [], fields: [HTTPField] = [], body: [UInt8] = [],
        maximumResponseBytes: Int = 1 << 20
    ) -> ServiceRequest {
        // The key is encoded here, once, and signed so: S3 neither encodes a path again nor tidies it.
        let path = PercentEncoding.encode(key, keepsSlashes: true)
        return ServiceRequest(
            .s3, operation, method, endpoint: endpoint, path: "\(root)/\(path)", query: query, fields: fields,
            body: body, maximumResponseBytes: maximumResponseBytes, isIdempotent: true, errorFormat: .xml)
    }
}
