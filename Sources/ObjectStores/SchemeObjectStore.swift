public import Iceberg

/// Files of this machine and of S3, each where its location's scheme says: a catalog may name tables in both.
public struct SchemeObjectStore: ObjectStore {
    private let files: FileObjectStore
    private let objects: S3ObjectStore

    /// A store of `file://` and `s3://` locations.
    public init(files: FileObjectStore = FileObjectStore(), objects: S3ObjectStore) {
        self.files = files
        self.objects = objects
    }

    /// Creates files: all of one scheme at once.
    public func put(_ files: [NewFile]) -> [PutResult] {
        distribute(files, \.location) { store, files in store.put(files) }
    }

    /// Reads a whole file.
    public func get(_ location: String) throws(IcebergError) -> [UInt8] { try store(of: location).get(location) }

    /// Reads whole files: all of one scheme at once.
    public func get(_ locations: [String]) -> [Result<[UInt8], IcebergError>] {
        distribute(locations, \.self) { store, locations in store.get(locations) }
    }

    /// Deletes files: all of one scheme at once.
    public func delete(_ locations: [String]) -> [String] {
        let local = locations.filter(isLocal)
        return (local.isEmpty ? [] : files.delete(local))
            + (local.count == locations.count ? [] : objects.delete(locations.filter { !isLocal($0) }))
    }

    /// Files whose location starts with the prefix.
    public func list(_ prefix: String) throws(IcebergError) -> [StoredFile] { try store(of: prefix).list(prefix) }

    private func isLocal(_ location: String) -> Bool { location.hasPrefix("file:") }

    private func store(of location: String) -> any ObjectStore { isLocal(location) ? files : objects }

    /// Hands each store its part, and gives the results in the order of the whole.
    private func distribute<Element, Outcome>(
        _ elements: [Element], _ location: (Element) -> String,
        _ body: (any ObjectStore, [Element]) -> [Outcome]
    ) -> [Outcome] {
        let local = elements.filter { isLocal(location($0)) }
        if local.isEmpty { return body(objects, elements) }
        if local.count == elements.count { return body(files, elements) }
        var here = body(files, local)[...]
        var there = body(objects, elements.filter { !isLocal(location($0)) })[...]
        return elements.compactMap { isLocal(location($0)) ? here.popFirst() : there.popFirst() }
    }
}
