internal import AWS
internal import HTTPTransport
internal import Iceberg
internal import ObjectStores

/// A lake's definition that is an object of S3, at `s3://bucket/key`.
struct StoredDefinition {
    /// Its place.
    let location: String

    /// Nil for a path of this machine.
    init?(_ path: String) {
        guard path.hasPrefix("s3://") else { return nil }
        location = path
    }

    /// Reads the object, in one request. It must be what its name says, where that is a hash.
    /// - Parameters:
    ///   - deadline: of the client's requests; it is set for this one, and as before afterwards.
    ///   - nowMs: the time, in milliseconds since the epoch.
    /// - Throws: ``DefinitionFileError``.
    func bytes(
        _ client: ServiceClient, _ deadline: RequestDeadline, nowMs: Int64
    ) throws(DefinitionFileError) -> [UInt8] {
        let before = deadline.milliseconds
        deadline.milliseconds = min(before ?? .max, nowMs + InitialisationTime.requestMs)
        defer { deadline.milliseconds = before }
        let content: [UInt8]
        do throws(IcebergError) {
            content = try S3ObjectStore(S3(client), maximumFileBytes: DefinitionFile.maximumSize).get(location)
        } catch {
            let advice = error.code == .notFound ? "; put the lake.json there, or correct LAKE_DEFINITION" : ""
            throw DefinitionFileError(path: location, reason: .unreadable(error.message + advice))
        }
        guard let expected = hashInName else { return content }
        let found = SHA256.hex(content)
        guard found == expected else { throw DefinitionFileError(path: location, reason: .altered(sha256: found)) }
        return content
    }

    /// The SHA-256 that the object's name is made of, `<64 hexadecimal digits>.json`, in lower case; nil for other names.
    private var hashInName: String? {
        guard let name = location.split(separator: "/").last, name.hasSuffix(".json") else { return nil }
        let digits = name.dropLast(".json".count)
        guard digits.utf8.count == 64, digits.allSatisfy({ $0.isASCII && $0.isHexDigit }) else { return nil }
        return digits.lowercased()
    }
}
