internal import HTTPTransport

/// A part that S3 has taken.
public struct S3Part: Equatable, Sendable {
    /// From 1 to 10,000, in the order of the object's bytes.
    public let number: Int
    /// Names the content; quoted.
    public let entityTag: String
    /// The content's checksum.
    public let checksum: S3Checksum
}

extension S3Bucket {
    /// `CreateMultipartUpload`: its id.
    public func createUpload(_ key: String) -> S3Call<String> {
        let request = request(
            "CreateMultipartUpload", .post, key, query: [(name: "uploads", value: "")],
            fields: [HTTPField("x-amz-checksum-algorithm", S3Checksum.algorithm)])
        return S3Call(request) { (response) throws(ServiceError) in
            let root = try document(response, request, named: "InitiateMultipartUploadResult")
            guard let id = root.text(of: "UploadId"), !id.isEmpty else {
                throw malformed(response, request, "no id of the upload")
            }
            return id
        }
    }

    /// `UploadPart`. A part that is sent again replaces itself.
    /// - Parameter body: 5 MiB to 5 GiB; the last part may be smaller.
    public func uploadPart(_ key: String, upload id: String, number: Int, _ body: [UInt8]) -> S3Call<S3Part> {
        let checksum = S3Checksum(of: body)
        var request = request(
            "UploadPart", .put, key,
            query: [(name: "partNumber", value: String(number)), (name: "uploadId", value: id)],
            fields: [checksum.field], body: body)
        request.payloadSignature = .known(SHA256.hexadecimal(checksum.hash))
        return S3Call(request) { [request] (response) throws(ServiceError) in
            S3Part(number: number, entityTag: try entityTag(response, request), checksum: checksum)
        }
    }

    /// `CompleteMultipartUpload`: creates the object of its parts; fails with ``ServiceError/Kind/preconditionFailed`` if
    /// there is one.
    public func completeUpload(_ key: String, upload id: String, _ parts: [S3Part]) -> S3Call<Void> {
        var body = XMLText("CompleteMultipartUpload")
        for part in parts {
            body.open("Part")
            body.add("PartNumber", String(part.number))
            body.add("ETag", part.entityTag)
            body.add("ChecksumSHA256", part.checksum.text)
            body.close("Part")
        }
        let request = request(
            "CompleteMultipartUpload", .post, key, query: [(name: "uploadId", value: id)],
            fields: [HTTPField("If-None-Match", "*"), HTTPField("Content-Type", XMLText.mediaType)],
            body: body.finished())
        return S3Call(request) { (response) throws(ServiceError) in
            // S3 sends the status before it puts the parts together, and a fault after it.
            _ = try document(response, request, named: "CompleteMultipartUploadResult")
        }
    }

    /// `AbortMultipartUpload`: drops the parts.
    public func abortUpload(_ key: String, upload id: String) -> S3Call<Void> {
        S3Call(request("AbortMultipartUpload", .delete, key, query: [(name: "uploadId", value: id)]))
    }
}
