internal import HTTPTransport

/// An object that `DeleteObjects` did not delete.
public struct S3Undeleted: Equatable, Sendable {
    /// Its key.
    public let key: String
    /// Why, such as `AccessDenied`.
    public let code: String

    /// An object that was not deleted.
    public init(key: String, code: String) {
        self.key = key
        self.code = code
    }
}

extension S3Bucket {
    /// Keys that one `DeleteObjects` takes.
    public static let maximumDeletions = 1000

    /// Whether XML 1.0 can write a key. Others are deleted one by one.
    public static func canDeleteInBatch(_ key: String) -> Bool { XMLText.canWrite(key) }

    /// `DeleteObjects`: deletes up to ``maximumDeletions`` objects; one that does not exist counts as deleted.
    /// - Returns: a call whose reply holds those that were not deleted.
    public func deleteObjects(_ keys: [String]) -> S3Call<[S3Undeleted]> {
        var text = XMLText("Delete")
        text.add("Quiet", "true")
        for key in keys {
            text.open("Object")
            text.add("Key", key)
            text.close("Object")
        }
        let body = text.finished()
        // The one operation that S3 refuses without a checksum of its own.
        let request = request(
            "DeleteObjects", .post, query: [(name: "delete", value: "")],
            fields: [S3Checksum(of: body).field, HTTPField("Content-Type", XMLText.mediaType)], body: body,
            maximumResponseBytes: XMLLimits().bytes)
        return S3Call(request) { (response) throws(ServiceError) in
            let root = try document(response, request, named: "DeleteResult")
            var undeleted: [S3Undeleted] = []
            for error in root.children where error.name == "Error" {
                guard let key = error.text(of: "Key"), let code = error.text(of: "Code") else {
                    throw malformed(response, request, "an error that names no key")
                }
                // What is not there is as good as deleted.
                if code != "NoSuchKey" { undeleted.append(S3Undeleted(key: key, code: code)) }
            }
            return undeleted
        }
    }
}
