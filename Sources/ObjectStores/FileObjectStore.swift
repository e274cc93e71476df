internal import Glibc
public import Iceberg

/// A lake's files on a local file system, at `file://` locations.
///
/// A file appears whole and durable, or not at all, and is never replaced. What a crash can leave is a nameless file,
/// which the kernel drops, or on file systems without those a file named `.<process>-<number>.partial`, which no table
/// refers to and which orphan cleanup finds.
public struct FileObjectStore: ObjectStore {
    /// A store of every `file://` location that the process may reach.
    public init() {}

    /// Reads a whole file.
    /// - Throws: ``IcebergError/Code/notFound``, ``IcebergError/Code/unavailable``, ``IcebergError/Code/unsupported``
    ///   for another scheme.
    public func get(_ location: String) throws(IcebergError) -> [UInt8] {
        let path = try FileLocation(location).path
        do {
            return try FileDescriptor(path, O_RDONLY, to: "open").readAll()
        } catch {
            throw error.error(at: location)
        }
    }

    /// Deletes files, and leaves their folders, into which another writer may be creating.
    /// - Returns: the locations that could not be deleted.
    public func delete(_ locations: [String]) -> [String] {
        locations.filter { location in
            guard let path = try? FileLocation(location).path else { return true }
            return unlink(path) != 0 && errno != ENOENT
        }
    }

    /// Files whose location starts with the prefix, sorted; symbolic links are neither followed nor listed. No folder
    /// there means no files.
    public func list(_ prefix: String) throws(IcebergError) -> [StoredFile] {
        let place = try FileLocation(prefix)
        // What the location has before its path, so that listed files are spelled as the prefix is.
        let scheme = String(prefix.dropLast(place.path.count))
        var found: [StoredFile] = []
        var folders = [place.directory]
        while let folder = folders.popLast() {
            let names: [String]
            do {
                names = try Self.names(in: folder.isEmpty ? "/" : folder)
            } catch {
                // A folder that another process has just removed has no files either.
                if error.number == ENOENT { continue }
                throw error.error(at: scheme + folder)
            }
            for name in names {
                let path = folder + "/" + name
                guard path.hasPrefix(place.path) || place.path.hasPrefix(path + "/") else { continue }
                var status = stat()
                guard lstat(path, &status) == 0 else { continue }
                switch status.st_mode & S_IFMT {
                case S_IFDIR: folders.append(path)
                case S_IFREG:
                    let modified = Int64(status.st_mtim.tv_sec) &* 1000 &+ Int64(status.st_mtim.tv_nsec) / 1_000_000
                    found.append(
                        StoredFile(location: scheme + path, size: Int64(status.st_size), modifiedMs: modified))
                default: continue
                }
            }
        }
        return found.sorted { $0.location < $1.location }
    }

    /// Names in a folder, without `.` and `..`.
    private static func names(in folder: String) throws(SystemError) -> [String] {
        guard let stream = opendir(folder) else { throw SystemError.last("list") }
        defer { closedir(stream) }
        var names: [String] = []
        while true {
            errno = 0
            guard let entry = readdir(stream) else {
                if errno != 0 { throw SystemError.last("list") }
                return names
            }
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != "." && name != ".." { names.append(name) }
        }
    }
}
