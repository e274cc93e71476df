internal import AWS
public import Iceberg

/// Connections to a bucket that are being opened, between ``S3ObjectStore/open(_:connections:)`` and
/// ``S3ObjectStore/finish(_:)``.
public struct S3Opening {
    let location: String
    let prefix: String
    let state: Result<(bucket: S3Bucket, exchange: S3Exchange<Void>), IcebergError>
}

extension S3ObjectStore {
    /// Starts to open connections to a location's bucket, and returns: other requests may be sent meanwhile. Each asks
    /// whether the bucket is there for these credentials, which ``finish(_:)`` tells.
    /// - Parameter connections: how many requests the first ``put(_:)`` is likely to send at once.
    public func open(_ location: String, connections: Int) -> S3Opening {
        do throws(IcebergError) {
            let place = try S3Location(location)
            let bucket = try bucket(of: place, location)
            let calls = (0..<max(connections, 1)).map { _ in bucket.headBucket() }
            return S3Opening(location: location, prefix: place.key, state: .success((bucket, s3.start(calls))))
        } catch {
            return S3Opening(location: location, prefix: "", state: .failure(error))
        }
    }

    /// Waits until connections are open.
    /// - Throws: in one line, what is wrong with location, region, bucket, credentials or permissions; nothing if one
    ///   connection could be opened.
    public func finish(_ opening: S3Opening) throws(IcebergError) {
        let (bucket, exchange) = try opening.state.get()
        var fault: ServiceError?
        for reply in s3.finish(exchange) {
            switch reply {
            case .success: return
            case .failure(let error): fault = fault ?? error
            }
        }
        guard let fault else { return }
        guard fault.status != nil else { throw IcebergError(fault, at: opening.location) }
        // The reply to a HEAD has no body that could tell one denial from another: ask again so that it has one.
        let listing = read([bucket.listObjects(opening.prefix, count: 1)])[0]
        if case .failure(let told) = listing { throw IcebergError(told, at: opening.location) }
    }
}
