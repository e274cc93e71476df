internal import HTTPTransport
internal import JSON

/// A body's SHA-256 as S3 carries it.
///
/// Of the checksums that S3 knows it is this one because Signature Version 4 needs it anyway: one hash, made once, is
/// both the payload's in the signature, which AWS compares with the body, and the object's `x-amz-checksum-sha256`, which
/// is kept with the object and proves whose content it is when the reply to a put was lost.
public struct S3Checksum: Equatable, Sendable {
    /// The hash, 32 bytes long.
    let hash: [UInt8]

    /// The checksum of a body.
    public init(of body: [UInt8]) { hash = SHA256.hash(body) }

    /// As the field has it.
    public var text: String { Base64.encode(hash) }

    /// As the field has it for an object of several parts: the checksum of the parts' checksums, and their number.
    public static func text(ofParts parts: [S3Checksum]) -> String {
        "\(S3Checksum(of: parts.flatMap(\.hash)).text)-\(parts.count)"
    }

    /// The name of the algorithm.
    static let algorithm = "SHA256"
    /// The name of the field that carries a checksum, in requests and responses.
    static let fieldName = "x-amz-checksum-sha256"
    /// Asks for the checksum that is kept with an object.
    static let mode = HTTPField("x-amz-checksum-mode", "ENABLED")

    var field: HTTPField { HTTPField(Self.fieldName, text) }
}
