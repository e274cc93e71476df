internal import AWS
internal import Iceberg

extension S3ObjectStore {
    /// Deletes files, up to 1,000 with one request, and all requests at once.
    /// - Returns: the locations that could not be deleted.
    public func delete(_ locations: [String]) -> [String] {
        var keys: [String: [String]] = [:]
        var kept: Set<String> = []
        for location in locations {
            do {
                let place = try S3Location(object: location)
                keys[place.bucket, default: []].append(place.key)
            } catch {
                kept.insert(location)
            }
        }
        for (name, keys) in keys {
            let undeleted: [String]
            do {
                undeleted = delete(keys, in: try s3.bucket(name))
            } catch {
                undeleted = keys
            }
            kept.formUnion(undeleted.map { "s3://\(name)/\($0)" })
        }
        return locations.filter(kept.contains)
    }

    /// Deletes objects, and once more those of which S3 said that the fault was its own.
    /// - Returns: the keys of those that are left.
    private func delete(_ keys: [String], in bucket: S3Bucket) -> [String] {
        let undeleted = deleteOnce(keys, in: bucket)
        let again = undeleted.filter { Self.transient.contains($0.code) }.map(\.key)
        let left = undeleted.filter { !Self.transient.contains($0.code) }.map(\.key)
        return again.isEmpty ? left : left + deleteOnce(again, in: bucket).map(\.key)
    }

    private func deleteOnce(_ keys: [String], in bucket: S3Bucket) -> [S3Undeleted] {
        var groups: [[String]] = []
        var batch: [String] = []
        for key in keys {
            guard S3Bucket.canDeleteInBatch(key) else {
                groups.append([key])
                continue
            }
            batch.append(key)
            if batch.count == S3Bucket.maximumDeletions {
                groups.append(batch)
                batch = []
            }
        }
        if !batch.isEmpty { groups.append(batch) }
        let calls = groups.map { group in
            S3Bucket.canDeleteInBatch(group[0])
                ? bucket.deleteObjects(group) : bucket.deleteObject(group[0]).map { [] }
        }
        return zip(groups, read(calls)).flatMap { group, reply in
            switch reply {
            case .success(let undeleted): undeleted
            case .failure(let error): group.map { S3Undeleted(key: $0, code: error.code) }
            }
        }
    }

    /// Faults of S3's own, which another try may not meet.
    private static let transient: Set<String> = ["InternalError", "ServiceUnavailable", "SlowDown"]
}
