internal import HTTPTransport

/// A part of an object, in bytes.
public enum S3Range: Equatable, Sendable {
    /// From an offset, and so many; at least one.
    case bytes(from: Int64, count: Int64)
    /// The last so many, or all if the object has fewer; at least one.
    case last(Int64)

    /// As the field `Range` has it (RFC 9110 §14.1.2).
    var text: String {
        switch self {
        case .bytes(let start, let count): "bytes=\(start)-\(start &+ max(count, 1) &- 1)"
        case .last(let count): "bytes=-\(count)"
        }
    }
}

/// What is known of an object without reading it.
public struct S3ObjectHead: Equatable, Sendable {
    /// Bytes.
    public let size: Int64
    /// Names this content of the object; quoted.
    public let entityTag: String
    /// The SHA-256 in base64, of a multipart object with a hyphen and the number of parts; nil if S3 keeps none.
    public let checksum: String?
}

extension S3Bucket {
    /// `HeadBucket`: whether the bucket is there and these credentials may list it.
    public func headBucket() -> S3Call<Void> { S3Call(request("HeadBucket", .head)) }

    /// `GetObject`: a whole object, compared with the checksum that S3 keeps.
    /// - Parameter maximumBytes: a larger object is refused.
    public func getObject(_ key: String, maximumBytes: Int) -> S3Call<[UInt8]> {
        let request = request(
            "GetObject", .get, key, fields: [S3Checksum.mode], maximumResponseBytes: maximumBytes)
        return S3Call(request) { (response) throws(ServiceError) in
            _ = try entityTag(response, request)
            // What is 200 here is whole. The checksum of a multipart object is not of its bytes.
            guard response.status == 200 else { throw malformed(response, request, "not the whole object") }
            if let checksum = response[S3Checksum.fieldName], !checksum.utf8.contains(UInt8(ascii: "-")),
                S3Checksum(of: response.body).text != checksum
            {
                throw malformed(response, request, "the content does not match its checksum")
            }
            return response.body
        }
    }

    /// `GetObject` of a part of an object; fewer bytes are returned only where the object ends.
    public func getObject(_ key: String, _ range: S3Range) -> S3Call<[UInt8]> {
        let limit =
            switch range {
            case .bytes(_, let count), .last(let count): count
            }
        let request = request(
            "GetObject", .get, key, fields: [HTTPField("Range", range.text)],
            maximumResponseBytes: Int(clamping: max(limit, 1 << 20)))
        return S3Call(request) { (response) throws(ServiceError) in
            _ = try entityTag(response, request)
            guard response.status == 206, let content = S3ContentRange(response["content-range"] ?? ""),
                content.isAnswer(to: range), content.count == response.body.count
            else { throw malformed(response, request, "not the range that was asked for") }
            return response.body
        }
    }

    /// `HeadObject`.
    public func headObject(_ key: String) -> S3Call<S3ObjectHead> {
        let request = request("HeadObject", .head, key, fields: [S3Checksum.mode])
        return S3Call(request) { (response) throws(ServiceError) in
            let tag = try entityTag(response, request)
            guard let size = response["content-length"].flatMap(Int64.init), size >= 0 else {
                throw malformed(response, request, "no length")
            }
            return S3ObjectHead(size: size, entityTag: tag, checksum: response[S3Checksum.fieldName])
        }
    }

    /// `PutObject`: creates an object; fails with ``ServiceError/Kind/preconditionFailed`` if there is one.
    /// - Parameter checksum: the body's.
    public func createObject(_ key: String, _ body: [UInt8], _ checksum: S3Checksum) -> S3Call<Void> {
        var request = request(
            "PutObject", .put, key, fields: [HTTPField("If-None-Match", "*"), checksum.field], body: body)
        request.payloadSignature = .known(SHA256.hexadecimal(checksum.hash))
        return S3Call(request) { [request] (response) throws(ServiceError) in
            _ = try entityTag(response, request)
        }
    }

    /// `DeleteObject`; an object that does not exist counts as deleted.
    public func deleteObject(_ key: String) -> S3Call<Void> { S3Call(request("DeleteObject", .delete, key)) }
}
