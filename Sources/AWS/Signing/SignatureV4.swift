public import HTTPTransport

/// AWS Signature Version 4: proves that a request comes from who holds the credentials. Pure: date, region and service
/// are given.
public struct SignatureV4: Sendable {
    /// Whom the request is from.
    public let credentials: Credentials
    /// The region of the endpoint.
    public let region: String
    /// The service's name in signatures.
    public let service: String
    /// When it is signed: date and time, to the second.
    let date: SigningDate

    /// The hash that stands for a body that is not signed: S3 over TLS only.
    public static let unsignedPayload = "UNSIGNED-PAYLOAD"

    /// A signature's frame.
    /// - Parameter dateMs: the time of the service's clock, in milliseconds since the epoch.
    public init(_ credentials: Credentials, region: String, service: String, dateMs: Int64) {
        self.credentials = credentials
        self.region = region
        self.service = service
        date = SigningDate(milliseconds: dateMs)
    }

    /// The fields of a request and those that sign it: date, session token, the payload's hash for S3, authorization.
    /// - Parameter payloadHash: SHA-256 of the body in hexadecimal, or ``unsignedPayload``.
    public func fields(of request: SignableRequest, payloadHash: String) -> [HTTPField] {
        var request = request
        request.fields.removeAll { Self.own.contains($0.name.lowercased()) }
        request.fields.append(HTTPField("x-amz-date", date.text))
        if let token = credentials.sessionToken { request.fields.append(HTTPField("x-amz-security-token", token)) }
        if isS3 || payloadHash == Self.unsignedPayload {
            request.fields.append(HTTPField("x-amz-content-sha256", payloadHash))
        }
        let canonical = CanonicalRequest(request, keepsPath: isS3, payloadHash: payloadHash)
        let authorization =
            "\(Self.algorithm) Credential=\(credentials.accessKeyID)/\(scope), "
            + "SignedHeaders=\(canonical.signedFields), Signature=\(signature(of: canonical))"
        return request.fields + [HTTPField("authorization", authorization)]
    }

    /// The query of a request and the parameters that sign it, decoded, the signature last: a URL with it needs no
    /// fields but those given here, for so many seconds.
    public func query(
        of request: SignableRequest, expiresSeconds: Int, payloadHash: String
    ) -> [(name: String, value: String)] {
        var request = request
        request.fields.removeAll { Self.own.contains($0.name.lowercased()) }
        let unsigned = CanonicalRequest(request, keepsPath: isS3, payloadHash: payloadHash)
        request.query += [
            ("X-Amz-Algorithm", Self.algorithm), ("X-Amz-Credential", "\(credentials.accessKeyID)/\(scope)"),
            ("X-Amz-Date", date.text), ("X-Amz-Expires", String(expiresSeconds)),
            ("X-Amz-SignedHeaders", unsigned.signedFields),
        ]
        if let token = credentials.sessionToken { request.query.append(("X-Amz-Security-Token", token)) }
        let canonical = CanonicalRequest(request, keepsPath: isS3, payloadHash: payloadHash)
        return request.query + [("X-Amz-Signature", signature(of: canonical))]
    }

    private static let algorithm = "AWS4-HMAC-SHA256"

    /// The fields that a signature brings itself.
    private static let own: Set<String> = [
        "authorization", "x-amz-content-sha256", "x-amz-date", "x-amz-security-token", "date",
    ]

    /// Whether S3's rules hold: the path as it is, the payload's hash in a field.
    private var isS3: Bool { service == "s3" || service == "s3express" }

    private var scope: String { "\(date.day)/\(region)/\(service)/aws4_request" }

    private func signature(of canonical: CanonicalRequest) -> String {
        let text = "\(Self.algorithm)\n\(date.text)\n\(scope)\n\(SHA256.hex(canonical.bytes))"
        var key = Array("AWS4\(credentials.secretAccessKey)".utf8)
        for part in [date.day, region, service, "aws4_request"] { key = SHA256.hmac(Array(part.utf8), key: key) }
        return SHA256.hexadecimal(SHA256.hmac(Array(text.utf8), key: key))
    }
}
