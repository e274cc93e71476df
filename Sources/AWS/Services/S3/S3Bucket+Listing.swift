internal import HTTPTransport

/// An object that a listing found.
public struct S3ListedObject: Equatable, Sendable {
    /// Its key.
    public let key: String
    /// Bytes.
    public let size: Int64
    /// When it was last written, in milliseconds since the epoch.
    public let modifiedMs: Int64
}

/// Some of a bucket's objects, in the order of their keys' bytes.
public struct S3Page: Equatable, Sendable {
    /// The objects.
    public let objects: [S3ListedObject]
    /// Asks for the next page; nil if this is the last.
    public let nextToken: String?
}

extension S3Bucket {
    /// `ListObjectsV2`: a page of the objects whose keys start with a prefix.
    /// - Parameters:
    ///   - token: the page before's ``S3Page/nextToken``; nil for the first page.
    ///   - count: at most so many objects, up to 1,000.
    public func listObjects(_ prefix: String, after token: String? = nil, count: Int = 1000) -> S3Call<S3Page> {
        // Keys come percent-encoded, because XML has no way to write some of the characters that keys may hold.
        var query = [
            (name: "list-type", value: "2"), (name: "encoding-type", value: "url"),
            (name: "max-keys", value: String(count)), (name: "prefix", value: prefix),
        ]
        if let token { query.append((name: "continuation-token", value: token)) }
        let request = request(
            "ListObjectsV2", .get, query: query, maximumResponseBytes: XMLLimits().bytes)
        return S3Call(request) { [request] (response) throws(ServiceError) in
            let root = try document(response, request, named: "ListBucketResult")
            let isEncoded = root.text(of: "EncodingType") == "url"
            var objects: [S3ListedObject] = []
            for element in root.children where element.name == "Contents" {
                guard let object = Self.object(element, isEncoded: isEncoded) else {
                    throw malformed(response, request, "an object of the listing lacks its key, size or time")
                }
                objects.append(object)
            }
            guard root.text(of: "IsTruncated") == "true" else { return S3Page(objects: objects, nextToken: nil) }
            guard let next = root.text(of: "NextContinuationToken"), !next.isEmpty, next != token else {
                throw malformed(response, request, "the listing goes on and does not say where")
            }
            return S3Page(objects: objects, nextToken: next)
        }
    }

    private static func object(_ element: XMLElement, isEncoded: Bool) -> S3ListedObject? {
        guard let text = element.text(of: "Key"),
            let key = isEncoded ? PercentEncoding.decode(text, plusIsSpace: true) : text,
            let size = element.text(of: "Size").flatMap(Int64.init), size >= 0,
            let modifiedMs = element.text(of: "LastModified").flatMap(Timestamp.milliseconds)
        else { return nil }
        return S3ListedObject(key: key, size: size, modifiedMs: modifiedMs)
    }
}
