internal import Iceberg

/// The bucket and key that an `s3:` location names.
///
/// Iceberg's writers and readers take the text after the bucket as the key, as it is: a partition value is
/// percent-encoded once, when the location is made, and the key then holds the percent signs. So nothing is decoded here.
struct S3Location: Equatable {
    let bucket: String
    /// Empty for the bucket itself.
    let key: String

    /// Accepts `s3://bucket/key`.
    /// - Throws: ``IcebergError/Code/unsupported`` for another scheme, ``IcebergError/Code/malformed`` for a location
    ///   without a bucket, or with a key that S3 or the way to it would change.
    init(_ location: String) throws(IcebergError) {
        guard location.hasPrefix("s3://") else { throw Self.otherScheme(location) }
        let rest = location.dropFirst("s3://".count)
        let end = rest.utf8.firstIndex(of: UInt8(ascii: "/")) ?? rest.endIndex
        bucket = String(rest[..<end])
        key = end == rest.endIndex ? "" : String(rest[rest.utf8.index(after: end)...])
        guard !bucket.isEmpty else {
            throw IcebergError(.malformed, "the location names no bucket: write s3://bucket/prefix", at: location)
        }
        guard key.utf8.count <= 1024 else {
            throw IcebergError(
                .invalid, "the key is longer than S3's 1,024 bytes; shorten the partition value or name", at: location)
        }
        for part in key.split(separator: "/") where part == ".." || part == "." {
            throw IcebergError(.malformed, "a location must not hold the path segment \(part)", at: location)
        }
    }

    /// The same, for an object: with a key.
    init(object location: String) throws(IcebergError) {
        try self.init(location)
        guard !key.isEmpty else {
            throw IcebergError(.malformed, "the location names a bucket, not a file in it", at: location)
        }
    }

    private static func otherScheme(_ location: String) -> IcebergError {
        for scheme in ["s3a", "s3n"] where location.hasPrefix("\(scheme)://") {
            return IcebergError(
                .unsupported, "\(scheme):// is Hadoop's name for S3, which Athena does not read: write s3://",
                at: location)
        }
        return IcebergError(.unsupported, "this store serves s3:// locations only: check LAKE_WAREHOUSE", at: location)
    }
}
