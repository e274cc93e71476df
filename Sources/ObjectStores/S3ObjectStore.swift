public import AWS
public import Iceberg

/// A lake's files in S3 or a service that speaks as it does, at `s3://bucket/key` locations.
///
/// An object appears whole, or not at all, and is never replaced: it is created under the condition that there is none
/// of its name. What a crash can leave is an upload in parts that was not completed, which a lifecycle rule of the bucket
/// (`AbortIncompleteMultipartUpload`) drops. One thread at a time may use a store.
public struct S3ObjectStore: ObjectStore {
    let s3: S3
    let plan: S3UploadPlan
    let maximumFileBytes: Int

    /// A store of every `s3://` location that the client's credentials may reach.
    /// - Parameters:
    ///   - plan: how large files are uploaded.
    ///   - maximumFileBytes: a larger file is not read.
    public init(_ s3: S3, plan: S3UploadPlan = S3UploadPlan(), maximumFileBytes: Int = 2 << 30) {
        self.s3 = s3
        self.plan = plan
        self.maximumFileBytes = maximumFileBytes
    }

    /// Creates files, all at once: those that need one request each take one round trip together.
    /// - Returns: one result for each file: `unknown` only where neither sending again nor looking could settle whether
    ///   it was created.
    public func put(_ files: [NewFile]) -> [PutResult] {
        var results = [PutResult?](repeating: nil, count: files.count)
        var puts: [(index: Int, put: S3Put)] = []
        for (index, file) in files.enumerated() {
            do throws(IcebergError) {
                let place = try S3Location(object: file.location)
                puts.append((index, S3Put(file, in: try bucket(of: place, file.location), key: place.key, plan)))
            } catch {
                results[index] = .failed(error)
            }
        }
        while !puts.isEmpty {
            let calls = puts.map { $0.put.next() }
            var replies = s3.send(calls.flatMap { $0 })[...]
            for (place, calls) in calls.enumerated() {
                puts[place].put.take(Array(replies.prefix(calls.count)))
                replies = replies.dropFirst(calls.count)
            }
            for (index, put) in puts { results[index] = put.result }
            puts.removeAll { $0.put.result != nil }
        }
        return results.enumerated().map { index, result in
            result ?? .unknown(IcebergError(.unavailable, "the store gave no answer", at: files[index].location))
        }
    }

    /// Reads a whole file, and compares it with its length and with the checksum that S3 keeps.
    /// - Throws: ``IcebergError/Code/notFound``, ``IcebergError/Code/unavailable``, ``IcebergError/Code/unsupported``
    ///   for another scheme.
    public func get(_ location: String) throws(IcebergError) -> [UInt8] { try get([location])[0].get() }

    /// Reads whole files, all at once, each as ``get(_:)-(String)`` does.
    /// - Returns: one result for each location, in order.
    public func get(_ locations: [String]) -> [Result<[UInt8], IcebergError>] {
        let calls = locations.map { location -> Result<S3Call<[UInt8]>, IcebergError> in
            do throws(IcebergError) {
                let place = try S3Location(object: location)
                return .success(
                    try bucket(of: place, location).getObject(place.key, maximumBytes: maximumFileBytes))
            } catch {
                return .failure(error)
            }
        }
        var replies = read(calls.compactMap { try? $0.get() })[...]
        return zip(locations, calls).map { location, call in
            if case .failure(let error) = call { return .failure(error) }
            return replies.removeFirst().mapError { IcebergError($0, at: location) }
        }
    }

    /// Reads a part of a file; fewer bytes only where the file ends.
    /// - Throws: as ``get(_:)-(String)``; ``IcebergError/Code/unavailable`` for a range behind the file's end.
    public func get(_ location: String, _ range: S3Range) throws(IcebergError) -> [UInt8] {
        let place = try S3Location(object: location)
        let call = try bucket(of: place, location).getObject(place.key, range)
        do throws(ServiceError) {
            return try read([call])[0].get()
        } catch {
            throw IcebergError(error, at: location)
        }
    }

    /// Files whose location starts with the prefix, sorted. Objects that a console makes to show a folder are no files.
    public func list(_ prefix: String) throws(IcebergError) -> [StoredFile] {
        let place = try S3Location(prefix)
        let bucket = try bucket(of: place, prefix)
        var files: [StoredFile] = []
        var token: String?
        repeat {
            let page: S3Page
            do throws(ServiceError) {
                page = try read([bucket.listObjects(place.key, after: token)])[0].get()
            } catch {
                throw IcebergError(error, at: prefix)
            }
            for object in page.objects where !(object.size == 0 && object.key.hasSuffix("/")) {
                files.append(
                    StoredFile(
                        location: "s3://\(place.bucket)/\(object.key)", size: object.size,
                        modifiedMs: object.modifiedMs))
            }
            token = page.nextToken
        } while token != nil
        return files
    }

    /// Sends calls of which two come to the same as one; those whose reply was not S3's are sent once more.
    func read<Reply>(_ calls: [S3Call<Reply>]) -> [Result<Reply, ServiceError>] {
        var results = s3.send(calls)
        let broken = results.indices.filter { index in
            guard case .failure(let error) = results[index] else { return false }
            // Without a status there was no reply that could be read, and the client has tried again already.
            return error.kind == .malformedReply && error.status != nil
        }
        guard !broken.isEmpty else { return results }
        for (index, result) in zip(broken, s3.send(broken.map { calls[$0] })) { results[index] = result }
        return results
    }

    func bucket(of place: S3Location, _ location: String) throws(IcebergError) -> S3Bucket {
        do throws(ServiceError) {
            return try s3.bucket(place.bucket)
        } catch {
            throw IcebergError(error, at: location)
        }
    }
}
